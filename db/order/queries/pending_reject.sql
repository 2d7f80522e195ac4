-- Rejects pending orders whose stock was refused. Their rows and keys are kept.
-- name: PendingReject :many
with refused as materialized (
  select
    unnest(@ids::uuid[]) as id,
    unnest(@reasons::text[]) as reason
),
pending as materialized (
  select orders.id, refused.reason
  from orders
  join refused on refused.id = orders.id
  where orders.status = 'pending'
  order by orders.id
  for update of orders
)
update orders
set status = 'rejected', reject_reason = pending.reason, updated_at = now()
from pending
where orders.id = pending.id
returning orders.id;
