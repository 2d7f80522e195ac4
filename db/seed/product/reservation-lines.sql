insert into product.reservation_lines (
  order_id, line_no, product_id, deal_id, quantity, product_name, unit_price
)
select
  pg_temp.id_of('order', order_no),
  line_no,
  pg_temp.id_of('product', product_no),
  pg_temp.id_of('deal', deal_no),
  quantity,
  pg_temp.name_of(product_no),
  pg_temp.unit_price_of(product_no, deal_no)
from pg_temp.lines($1::bigint, $2::bigint)
where pg_temp.status_of(order_no) <> 'cancelled'
