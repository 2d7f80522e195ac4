-- Deletes events older than the given age, so that no delivery of them is in flight.
-- Slow: a background task.
-- name: InboxDeleteOld :execrows
with old as materialized (
  select inbox.event_id
  from inbox
  where inbox.received_at < now() - sqlc.arg(age_ms)::bigint * interval '1 millisecond'
  order by inbox.received_at
  limit @size::int
  for update skip locked
)
delete from inbox
using old
where inbox.event_id = old.event_id;
