-- Closes the deals that have ended. A deal that another transaction has closed or locked is not
-- returned. A new fence token: a transaction that read the deal under a lock that can expire must read
-- it again.
-- name: DealCloseEach :many
with due as materialized (
  select deals.id, deals.remaining_stock
  from deals
  where deals.id = any(@ids::uuid[]) and deals.closed_at is null and deals.ends_at <= clock_timestamp()
  order by deals.id
  for update skip locked
)
update deals
set
  closed_at = clock_timestamp(),
  moved_back = deals.moved_back + due.remaining_stock,
  remaining_stock = 0,
  fence_token = deals.fence_token + 1
from due
where deals.id = due.id
returning deals.id, deals.product_id, due.remaining_stock as units;
