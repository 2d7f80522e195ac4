-- One line for each of many reservations of the same deal.
-- name: ReservationLineCreateEach :exec
insert into reservation_lines (
  order_id, line_no, product_id, deal_id, quantity, product_name, unit_price
)
select
  line.order_id, 1, @product_id::uuid, @deal_id::uuid, line.quantity,
  @product_name::text, sqlc.arg(unit_price)::bigint
from (
  select unnest(@order_ids::uuid[]) as order_id, unnest(@quantities::int[]) as quantity
) as line;
