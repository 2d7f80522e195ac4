-- No row: the order id is already held, confirmed or released.
-- name: ReservationCreate :one
insert into reservations (order_id, user_id, state, expires_at)
values (@order_id, @user_id::uuid, 'held', now() + sqlc.arg(ttl_ms)::int * interval '1 millisecond')
on conflict do nothing
returning expires_at;
