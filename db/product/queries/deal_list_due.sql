-- Deals that are over, so many at most. Owners take turns, each with the oldest deal first: one with
-- thousands of them keeps nobody else waiting. Only the oldest are looked at, to bound the work.
-- Slow: a check of the sweep, for which nobody waits.
-- name: DealListDue :many
select due.id
from (
  select
    oldest.id, oldest.ends_at,
    row_number() over (partition by products.owner_id order by oldest.ends_at, oldest.id) as turn
  from (
    select deals.id, deals.product_id, deals.ends_at
    from deals
    -- Not clock_timestamp(), for which no index can be used.
    where deals.closed_at is null and deals.ends_at <= now()
    order by deals.ends_at
    limit sqlc.arg(looked_at)::int
  ) as oldest
  join products on products.id = oldest.product_id
) as due
order by due.turn, due.ends_at, due.id
limit @size::int;
