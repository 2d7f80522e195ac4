-- A page of a user's orders with their items and the total, as the JSON text of the response: names,
-- order and format are those of OrderPage in the contract. The page is selected first, so that no items
-- of other pages are read. Clients see milliseconds, so `created_to` includes its whole millisecond.
-- The colons in the formats are quoted, because pgbench reads `:MI` as a variable.
-- Slow: an offset reads all rows that it skips, and without M3 a page reads all rows.
-- name: OrderPage :one
select
  concat(
    '{"items":[',
    string_agg(
      concat(
        '{"id":"', page.id, '","user_id":"', page.user_id, '","items":[', lines.items,
        '],"total_amount":', page.total_amount, ',"status":"', page.status, '","shipping_address":',
        case
          when page.shipping_address is null then 'null'
          else concat(
            '{"recipient_name":', page.shipping_address -> 'recipient_name',
            ',"phone":', page.shipping_address -> 'phone',
            ',"address":', page.shipping_address -> 'address',
            ',"address_detail":', page.shipping_address -> 'address_detail',
            ',"postal_code":', page.shipping_address -> 'postal_code', '}'
          )
        end,
        ',"cancelled_at":', coalesce(to_char(
          page.cancelled_at at time zone 'UTC', '"\""YYYY-MM-DD"T"HH24":"MI":"SS.MS"Z\""'
        ), 'null'),
        ',"cancel_reason":', coalesce(to_json(page.cancel_reason)::text, 'null'),
        ',"reject_reason":', coalesce(to_json(page.reject_reason)::text, 'null'),
        to_char(
          page.created_at at time zone 'UTC',
          '",\"created_at\":\""YYYY-MM-DD"T"HH24":"MI":"SS.MS"Z\""'
        ),
        to_char(
          page.updated_at at time zone 'UTC',
          '",\"updated_at\":\""YYYY-MM-DD"T"HH24":"MI":"SS.MS"Z\"}"'
        )
      ),
      ','
      order by page.created_at desc, page.id desc
    ),
    '],"total":',
    (
      select count(*)
      from orders
      where
        orders.user_id = @user_id::uuid
        and (sqlc.narg(status)::order_status is null or orders.status = sqlc.narg(status))
        and (sqlc.narg(created_from)::timestamptz is null or orders.created_at >= sqlc.narg(created_from))
        and (
          sqlc.narg(created_to)::timestamptz is null
          or orders.created_at < sqlc.narg(created_to) + interval '1 millisecond'
        )
    ),
    ',"page":', @page::int, ',"size":', @size::int, '}'
  )::text as body
from (
  select
    id, user_id, total_amount, status, shipping_address, cancelled_at, cancel_reason, reject_reason,
    created_at, updated_at
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
    string_agg(
      concat(
        '{"id":"', order_items.id, '","product_id":"', order_items.product_id, '","deal_id":',
        coalesce('"' || order_items.deal_id || '"', 'null'),
        ',"product_name":', to_json(order_items.product_name),
        ',"quantity":', order_items.quantity, ',"unit_price":', order_items.unit_price,
        ',"subtotal":', order_items.unit_price * order_items.quantity, '}'
      ),
      ','
      order by order_items.line_no
    ) as items
  from order_items
  where order_items.order_id = page.id
) as lines;
