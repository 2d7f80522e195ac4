-- Clients see milliseconds, so `created_to` includes its whole millisecond.
-- Slow: the count reads all rows of a buyer, and without M3 the whole table.
-- name: OrderCount :one
select count(*) as total
from orders
where
  user_id = @user_id::uuid
  and (sqlc.narg(status)::order_status is null or status = sqlc.narg(status))
  and (sqlc.narg(created_from)::timestamptz is null or created_at >= sqlc.narg(created_from))
  and (sqlc.narg(created_to)::timestamptz is null or created_at < sqlc.narg(created_to) + interval '1 millisecond');
