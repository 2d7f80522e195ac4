-- Claims whose last lease ended so long ago: none that an attempt has. Chosen once, before the
-- deletion; what somebody else has locked is left to the next round.
-- Slow: nobody waits for it.
-- name: ClaimDeleteOld :execrows
with old as materialized (
  select claims.user_id, claims.key
  from claims
  where claims.lease_until < now() - sqlc.arg(age_ms)::bigint * interval '1 millisecond'
  order by claims.lease_until
  limit @size::int
  for update skip locked
)
delete from claims
using old
where claims.user_id = old.user_id and claims.key = old.key;
