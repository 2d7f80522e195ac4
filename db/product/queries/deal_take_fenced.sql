-- No row: another transaction has changed the row since the token was read, so what was read is out of
-- date.
-- name: DealTakeFenced :one
update deals
set remaining_stock = remaining_stock - sqlc.arg(units)::int, fence_token = fence_token + 1
where id = @id and fence_token = @fence_token
-- Evaluated here, the clock is read after the wait for the row.
returning (
  closed_at is null
  and starts_at <= clock_timestamp()
  and ends_at > clock_timestamp()
)::boolean as is_active;
