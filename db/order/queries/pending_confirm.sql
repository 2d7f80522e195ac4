-- Confirms pending orders whose stock is granted, and inserts their events for product. Orders that are
-- not pending do not change. Rows are locked in the order of the ids.
-- name: PendingConfirm :many
with asked as materialized (
  select pair.id, max(pair.traceparent) as traceparent
  from (
    select unnest(@ids::uuid[]) as id, unnest(@traceparents::text[]) as traceparent
  ) as pair
  group by pair.id
),
pending as materialized (
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
  insert into outbox (order_id, kind, traceparent)
  select confirmed.id, 'confirmed', nullif(asked.traceparent, '')
  from confirmed
  join asked on asked.id = confirmed.id
  order by confirmed.id
)
select confirmed.id from confirmed;
