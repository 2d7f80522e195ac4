-- Sets the granted names and prices of the lines of pending orders, and their totals.
-- name: PendingPrice :exec
with pending as materialized (
  select orders.id
  from orders
  where orders.id = any(@order_ids::uuid[]) and orders.status = 'pending'
  order by orders.id
  for update
),
granted as materialized (
  select line.order_id, line.line_no, line.product_name, line.unit_price
  from (
    select
      unnest(@order_ids::uuid[]) as order_id,
      unnest(@line_nos::int[]) as line_no,
      unnest(@product_names::text[]) as product_name,
      unnest(@unit_prices::bigint[]) as unit_price
  ) as line
  join pending on pending.id = line.order_id
),
priced as (
  update order_items
  set product_name = granted.product_name, unit_price = granted.unit_price
  from granted
  where order_items.order_id = granted.order_id and order_items.line_no = granted.line_no
  returning order_items.order_id, order_items.quantity * granted.unit_price as subtotal
)
update orders
set total_amount = sums.total_amount
from (
  select priced.order_id, sum(priced.subtotal)::bigint as total_amount
  from priced
  group by priced.order_id
) as sums
where orders.id = sums.order_id;
