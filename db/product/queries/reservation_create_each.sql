-- Inserts the keys of a whole batch, in the order of the ids, so that two batches do not deadlock. Only
-- new keys are returned.
-- name: ReservationCreateEach :many
insert into reservations (order_id, user_id, state, expires_at)
select
  asked.order_id, asked.user_id, 'held',
  now() + sqlc.arg(ttl_ms)::int * interval '1 millisecond'
from (select unnest(@order_ids::uuid[]) as order_id, unnest(@user_ids::uuid[]) as user_id) as asked
order by asked.order_id
on conflict do nothing
returning order_id, expires_at;
