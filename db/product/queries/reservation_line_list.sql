-- name: ReservationLineList :many
select product_id, deal_id, quantity, product_name, unit_price
from reservation_lines
where order_id = @order_id
order by line_no;
