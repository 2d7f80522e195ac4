-- Pending orders whose stock is granted become confirmed, with the event for product. Those that are
-- not pending any more stay as they are. Locked in the order of the ids.
-- name: PendingConfirm :many
with pending as materialized (
  select orders.id
  from orders
  where orders.id = any(@ids::uuid[]) and orders.status = 'pending'
  order by orders.id
  for update
),
confirmed as (
  update orders
  set status = 'confirmed', updated_at = now()
  from pending
  where orders.id = pending.id
  returning orders.id
),
events as (
  insert into outbox (order_id, kind)
  select confirmed.id, 'confirmed'
  from confirmed
  order by confirmed.id
)
select confirmed.id from confirmed;
