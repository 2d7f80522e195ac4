-- No row: the key is already claimed.
-- name: ClaimCreate :execrows
insert into claims (user_id, key, body_digest, order_id, lease_until)
values (
  @user_id, @key, @body_digest, @order_id, clock_timestamp() + sqlc.arg(lease_ms)::int * interval '1 millisecond'
)
on conflict do nothing;
