-- A new fence token: a transaction that read the deal under a lock that can expire must read it again.
-- name: DealClose :exec
update deals
set
  closed_at = clock_timestamp(),
  moved_back = moved_back + remaining_stock,
  remaining_stock = 0,
  fence_token = fence_token + 1
where id = @id;
