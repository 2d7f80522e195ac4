-- A line without a deal has an empty string as its deal, because sqlc cannot declare arrays of nullable
-- ids.
-- name: ItemCreate :exec
insert into order_items (order_id, line_no, id, product_id, deal_id, product_name, quantity, unit_price)
select
  line.order_id, line.line_no, line.id, line.product_id, nullif(line.deal_id, '')::uuid,
  line.product_name, line.quantity, line.unit_price
from (
  select
    unnest(@order_ids::uuid[]) as order_id,
    unnest(@line_nos::int[]) as line_no,
    unnest(@ids::uuid[]) as id,
    unnest(@product_ids::uuid[]) as product_id,
    unnest(@deal_ids::text[]) as deal_id,
    unnest(@product_names::text[]) as product_name,
    unnest(@quantities::int[]) as quantity,
    unnest(@unit_prices::bigint[]) as unit_price
) as line;
