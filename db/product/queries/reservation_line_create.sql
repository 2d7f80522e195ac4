-- The lines of one or more reservations. A line without a deal has an empty string as its deal,
-- because sqlc cannot declare arrays of nullable ids.
-- name: ReservationLineCreate :exec
insert into reservation_lines (
  order_id, line_no, product_id, deal_id, quantity, product_name, unit_price
)
select
  line.order_id, line.line_no, line.product_id, nullif(line.deal_id, '')::uuid, line.quantity,
  line.product_name, line.unit_price
from (
  select
    unnest(@order_ids::uuid[]) as order_id,
    unnest(@line_nos::int[]) as line_no,
    unnest(@product_ids::uuid[]) as product_id,
    unnest(@deal_ids::text[]) as deal_id,
    unnest(@quantities::int[]) as quantity,
    unnest(@product_names::text[]) as product_name,
    unnest(@unit_prices::bigint[]) as unit_price
) as line;
