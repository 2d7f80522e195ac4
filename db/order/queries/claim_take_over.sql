-- Compare-and-set on the order id that was read. No row: another attempt was faster.
-- name: ClaimTakeOver :execrows
update claims
set order_id = @order_id, lease_until = clock_timestamp() + sqlc.arg(lease_ms)::int * interval '1 millisecond'
where
  user_id = @user_id
  and key = @key
  and order_id = @read_order_id
  and lease_until <= clock_timestamp()
  and answer is null;
