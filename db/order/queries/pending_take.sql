-- Selects pending orders that were appended longer ago than the given time, so that their record may be
-- lost; the oldest first. Each is returned to one process, and again only after that time.
-- name: PendingTake :many
with lost as materialized (
  select orders.id
  from orders
  where
    orders.status = 'pending'
    and orders.appended_at < now() - sqlc.arg(age_ms)::bigint * interval '1 millisecond'
  order by orders.appended_at
  limit @size::int
  for update skip locked
),
taken as (
  update orders
  set appended_at = now()
  from lost
  where orders.id = lost.id
  returning orders.id, orders.user_id
)
select taken.id, taken.user_id::uuid as user_id
from taken;
