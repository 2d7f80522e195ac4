-- Whoever read it under a lock that may expire is to read again.
-- name: DealClose :exec
update deals
set
  closed_at = clock_timestamp(),
  moved_back = moved_back + remaining_stock,
  remaining_stock = 0,
  fence_token = fence_token + 1
where id = @id;
