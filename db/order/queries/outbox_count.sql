-- Counts up to the limit, the oldest first, and the age of the oldest one, in seconds.
-- name: OutboxCount :one
select
  count(*) as events,
  coalesce(extract(epoch from clock_timestamp() - min(oldest.created_at)), 0)::float8 as oldest_s
from (
  select outbox.created_at
  from outbox
  order by outbox.id
  limit @size::int
) as oldest;
