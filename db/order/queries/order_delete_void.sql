-- Ids that became void before the given age, so that no message about them is in flight. Orders are
-- kept.
-- Slow: a background task.
-- name: OrderDeleteVoid :execrows
with old as materialized (
  select orders.id
  from orders
  where
    orders.status = 'void'
    and orders.created_at < now() - sqlc.arg(age_ms)::bigint * interval '1 millisecond'
  order by orders.created_at
  limit @size::int
  for update skip locked
)
delete from orders
using old
where orders.id = old.id;
