-- Clients see milliseconds, so `created_to` includes its whole millisecond.
-- Void rows have no user, so they are never listed.
-- Slow: an offset reads all rows that it skips, and without M3 a page reads the whole table.
-- name: OrderList :many
select
  id, user_id::uuid as user_id, total_amount::bigint as total_amount, status, shipping_address, cancelled_at,
  cancel_reason, reject_reason, created_at, updated_at
from orders
where
  user_id = @user_id::uuid
  and (sqlc.narg(status)::order_status is null or status = sqlc.narg(status))
  and (sqlc.narg(created_from)::timestamptz is null or created_at >= sqlc.narg(created_from))
  and (sqlc.narg(created_to)::timestamptz is null or created_at < sqlc.narg(created_to) + interval '1 millisecond')
order by created_at desc, id desc
limit @size::int offset @skip::bigint;
