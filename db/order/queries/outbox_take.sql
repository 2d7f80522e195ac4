-- Selects the due events of a round. An event that is not deleted is due again, after a pause that
-- grows. The events are selected once, before the update: a plan that selects again for each row takes
-- more than the limit.
-- name: OutboxTake :many
with due as materialized (
  select id
  from outbox
  where next_attempt_at <= now()
  order by id
  limit @size::int
  for update skip locked
)
update outbox
set
  attempts = outbox.attempts + 1,
  next_attempt_at = now() + power(2, least(outbox.attempts, 5)) * interval '1 second'
from due
where outbox.id = due.id
returning outbox.id, outbox.order_id, outbox.kind, outbox.attempts, outbox.traceparent;
