-- Counts up to the limit, the oldest first, and returns for how long the oldest is overdue, in seconds.
-- name: ReservationCountHeld :one
select
  count(*) as held,
  coalesce(greatest(0, extract(epoch from clock_timestamp() - min(oldest.expires_at))), 0)::float8 as overdue_s
from (
  select reservations.expires_at
  from reservations
  where reservations.state = 'held'
  order by reservations.expires_at
  limit @size::int
) as oldest;
