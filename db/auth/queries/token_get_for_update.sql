-- Locks the token, so that of two concurrent uses one waits and sees the token as used; and its family,
-- so that none of its tokens is exchanged while the late use of another one revokes it. `is_grace` is
-- true during the grace period of a used token.
-- name: TokenGetForUpdate :one
select
  refresh_tokens.family_id,
  refresh_families.user_id,
  (refresh_tokens.expires_at <= now())::boolean as is_expired,
  (refresh_families.revoked_at is not null)::boolean as is_revoked,
  (refresh_tokens.used_at is not null)::boolean as is_used,
  coalesce(refresh_tokens.used_at > clock_timestamp() - sqlc.arg(grace_ms)::int * interval '1 millisecond', false)::boolean as is_grace
from refresh_tokens
join refresh_families on refresh_families.id = refresh_tokens.family_id
where refresh_tokens.digest = @digest
for no key update;
