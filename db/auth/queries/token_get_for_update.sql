-- Locks the token, so that of two that come at once one waits and sees it used; and its family, so
-- that none of its tokens is exchanged while another's late use ends the log-in. `is_grace` is true
-- while a used token may still be used again: two tabs, or an answer that was lost on the way.
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
