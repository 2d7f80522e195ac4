-- name: ClaimGet :one
select
  body_digest,
  order_id,
  answer,
  (lease_until > clock_timestamp())::boolean as is_leased
from claims
where user_id = @user_id and key = @key;
