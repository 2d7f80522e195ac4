-- Slow: a check of the sweep, for which nobody waits.
-- name: ReservationListExpired :many
select order_id
from reservations
where state = 'held' and expires_at <= now()
order by expires_at
limit @size::int;
