select order_id, line_no, product_id, deal_id, quantity, product_name, unit_price
from reservation_lines
order by order_id, line_no
