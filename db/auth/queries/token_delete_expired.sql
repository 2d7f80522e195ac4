-- Tokens that expired before the given age. A used token is kept until it expires, because its second
-- use revokes the family.
-- Slow: a background task.
-- name: TokenDeleteExpired :many
with old as materialized (
  select refresh_tokens.digest
  from refresh_tokens
  where refresh_tokens.expires_at < now() - sqlc.arg(age_ms)::bigint * interval '1 millisecond'
  order by refresh_tokens.expires_at
  limit @size::int
  for update skip locked
)
delete from refresh_tokens
using old
where refresh_tokens.digest = old.digest
returning refresh_tokens.family_id;
