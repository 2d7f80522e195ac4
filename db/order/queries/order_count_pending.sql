-- Counts up to the limit, and the age of the oldest one, in seconds.
-- name: OrderCountPending :one
select
  count(*) as orders,
  coalesce(extract(epoch from clock_timestamp() - min(oldest.created_at)), 0)::float8 as oldest_s
from (
  select orders.created_at
  from orders
  where orders.status = 'pending'
  order by orders.appended_at
  limit @size::int
) as oldest;
