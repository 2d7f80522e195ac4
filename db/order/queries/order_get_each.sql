-- Void rows are not orders.
-- name: OrderGetEach :many
select
  id, user_id::uuid as user_id, total_amount::bigint as total_amount, status, shipping_address, cancelled_at,
  cancel_reason, reject_reason, created_at, updated_at
from orders
where id = any(@ids::uuid[]) and status <> 'void';
