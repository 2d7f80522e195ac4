-- name: ItemList :many
select id, product_id, deal_id, product_name, quantity, unit_price
from order_items
where order_id = @order_id
order by line_no;
