-- Reservations of cancelled orders were released, and deleted a day later.
insert into product.reservations (order_id, user_id, state, expires_at, created_at, updated_at)
select
  pg_temp.id_of('order', order_no),
  pg_temp.id_of('user', pg_temp.buyer_of(order_no)),
  'confirmed'::product.reservation_state,
  pg_temp.moment(pg_temp.share_of(order_no)) + interval '30 s',
  pg_temp.moment(pg_temp.share_of(order_no)),
  pg_temp.moment(pg_temp.share_of(order_no)) + interval '1 s'
from generate_series($1::bigint, $2::bigint) as order_no
where pg_temp.status_of(order_no) <> 'cancelled'
