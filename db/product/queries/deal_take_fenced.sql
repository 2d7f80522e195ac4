-- No row: somebody else has come since the token was read, and what was read with it is not true
-- any more.
-- name: DealTakeFenced :one
update deals
set remaining_stock = remaining_stock - sqlc.arg(units)::int, fence_token = fence_token + 1
where id = @id and fence_token = @fence_token
-- Asked here, the clock is that of after the wait for the row.
returning (
  closed_at is null
  and starts_at <= clock_timestamp()
  and ends_at > clock_timestamp()
)::boolean as is_active;
