-- The attempt has ended without an order; the next one does not have to wait.
-- name: ClaimEndLease :exec
update claims
set lease_until = clock_timestamp()
where user_id = @user_id and key = @key and order_id = @order_id and answer is null;
