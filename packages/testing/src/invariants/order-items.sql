select order_id, line_no, id, product_id, deal_id, quantity, product_name, unit_price
from order_items
order by order_id, line_no
