insert into orders.order_items (
  order_id, line_no, id, product_id, deal_id, product_name, quantity, unit_price
)
select
  pg_temp.id_of('order', order_no),
  line_no,
  pg_temp.id_of('item', order_no * 4 + line_no),
  pg_temp.id_of('product', product_no),
  pg_temp.id_of('deal', deal_no),
  pg_temp.name_of(product_no),
  quantity,
  pg_temp.unit_price_of(product_no, deal_no)
from pg_temp.lines($1::bigint, $2::bigint)
