-- Held reservations past their time, so many at most. Buyers take turns, each with the oldest first:
-- one with thousands of them keeps nobody else waiting. Only the oldest are looked at, to bound the work.
-- Slow: a check of the sweep, for which nobody waits.
-- name: ReservationListExpired :many
select due.order_id
from (
  select
    oldest.order_id, oldest.expires_at,
    row_number() over (partition by oldest.user_id order by oldest.expires_at, oldest.order_id) as turn
  from (
    select reservations.order_id, reservations.user_id, reservations.expires_at
    from reservations
    where reservations.state = 'held' and reservations.expires_at <= now()
    order by reservations.expires_at
    limit sqlc.arg(looked_at)::int
  ) as oldest
) as due
order by due.turn, due.expires_at, due.order_id
limit @size::int;
