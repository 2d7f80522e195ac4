-- Expired holds, up to the limit. Round-robin over the buyers, the oldest of each first, so that a buyer
-- with thousands of holds does not delay the others. Only the oldest holds are read, to bound the work.
-- Slow: a background task of the sweep.
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
