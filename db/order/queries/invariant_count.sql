-- Counts the violations of I3 and I4 of `npm run invariants`: keys whose order does not exist, orders
-- with several keys, keys with the response or the order of another key. One statement reads one
-- snapshot.
-- Slow: it reads every claim and its order.
-- name: InvariantCount :one
with answered as (
  select
    claims.user_id as claimant,
    claims.order_id,
    claims.answer,
    orders.user_id as owner,
    coalesce(orders.status <> 'void', false) as is_there
  from claims
  left join orders on orders.id = claims.order_id
  where claims.answer is not null
)
select
  (select count(*) from answered where not answered.is_there)::bigint as lost,
  (
    select count(*)
    from (select claims.order_id from claims group by claims.order_id having count(*) > 1) as several
  )::bigint as shared,
  (
    select count(*)
    from answered
    where
      answered.owner <> answered.claimant
      or strpos(answered.answer, answered.order_id::text) = 0
  )::bigint as foreign_answers;
