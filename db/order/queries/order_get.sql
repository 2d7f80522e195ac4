-- A void row is not an order.
-- name: OrderGet :one
select
  id, user_id::uuid as user_id, total_amount::bigint as total_amount, status, shipping_address, cancelled_at,
  cancel_reason, reject_reason, created_at, updated_at
from orders
where id = @id and status <> 'void';
