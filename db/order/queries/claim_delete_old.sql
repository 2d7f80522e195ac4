-- Claims whose last lease ended before the given age, so that no attempt holds them. Selected once,
-- before the deletion; rows that are locked are left to the next round.
-- Slow: a background task.
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
