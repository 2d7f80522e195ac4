-- Reservations that were released before the given age, so that no message about them is in flight, with
-- their lines. Confirmed ones are kept, because their orders may still be cancelled.
-- Slow: a background task.
-- name: ReservationDeleteReleased :execrows
with old as materialized (
  select reservations.order_id
  from reservations
  where
    reservations.state = 'released'
    and reservations.updated_at < now() - sqlc.arg(age_ms)::bigint * interval '1 millisecond'
  order by reservations.updated_at
  limit @size::int
  for update skip locked
),
lines as (
  delete from reservation_lines
  using old
  where reservation_lines.order_id = old.order_id
)
delete from reservations
using old
where reservations.order_id = old.order_id;
