-- Takes what is due for a round; what is not deleted by then is due again after a growing pause. The
-- events are chosen once, before the update: a plan that chose them again for each row would take
-- more than it was asked for.
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
returning outbox.id, outbox.order_id, outbox.kind, outbox.attempts;
