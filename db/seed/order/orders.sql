insert into orders.orders (
  id, user_id, status, total_amount, shipping_address, cancelled_at, cancel_reason, created_at, updated_at
)
select
  pg_temp.id_of('order', order_no),
  pg_temp.id_of('user', pg_temp.buyer_of(order_no)),
  pg_temp.status_of(order_no)::orders.order_status,
  sum(quantity * pg_temp.unit_price_of(product_no, deal_no)),
  pg_temp.address_of(order_no),
  case when pg_temp.status_of(order_no) = 'cancelled' then pg_temp.changed_of(order_no) end,
  case when pg_temp.status_of(order_no) = 'cancelled' then pg_temp.pick(pg_temp.reasons(), order_no, 313) end,
  pg_temp.moment(pg_temp.share_of(order_no)),
  pg_temp.changed_of(order_no)
from pg_temp.lines($1::bigint, $2::bigint)
group by order_no
order by order_no
