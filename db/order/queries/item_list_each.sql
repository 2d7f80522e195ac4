-- name: ItemListEach :many
select order_id, id, product_id, deal_id, product_name, quantity, unit_price
from order_items
where order_id = any(@order_ids::uuid[])
order by order_id, line_no;
