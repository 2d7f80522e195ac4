-- Takes what is due for a round; what is not deleted by then is due again after a growing pause.
-- name: OutboxTake :many
update outbox
set
  attempts = attempts + 1,
  next_attempt_at = now() + power(2, least(attempts, 5)) * interval '1 second'
where id in (
  select due.id
  from outbox as due
  where due.next_attempt_at <= now()
  order by due.id
  limit @size::int
  for update skip locked
)
returning id, order_id, kind, attempts;
