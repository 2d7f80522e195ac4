-- Tokens that expired so long ago. One that was used is kept until it expires: its second use ends
-- the log-in.
-- Slow: nobody waits for it.
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
