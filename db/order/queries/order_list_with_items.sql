-- As OrderList, with the items of each order as JSON in its row. The page is selected first, so that no
-- items of other pages are read.
-- Slow: an offset reads all rows that it skips, and without M3 a page reads the whole table.
-- name: OrderListWithItems :many
select page.*, lines.items
from (
  select
    id, user_id::uuid as user_id, total_amount::bigint as total_amount, status, shipping_address, cancelled_at,
    cancel_reason, reject_reason, created_at, updated_at
  from orders
  where
    user_id = @user_id::uuid
    and (sqlc.narg(status)::order_status is null or status = sqlc.narg(status))
    and (sqlc.narg(created_from)::timestamptz is null or created_at >= sqlc.narg(created_from))
    and (sqlc.narg(created_to)::timestamptz is null or created_at < sqlc.narg(created_to) + interval '1 millisecond')
  order by created_at desc, id desc
  limit @size::int offset @skip::bigint
) as page
cross join lateral (
  select
    coalesce(
      json_agg(
        json_build_object(
          'id', order_items.id,
          'product_id', order_items.product_id,
          'deal_id', order_items.deal_id,
          'product_name', order_items.product_name,
          'quantity', order_items.quantity,
          'unit_price', order_items.unit_price
        )
        order by order_items.line_no
      ),
      '[]'
    )::json as items
  from order_items
  where order_items.order_id = page.id
) as lines
order by page.created_at desc, page.id desc;
