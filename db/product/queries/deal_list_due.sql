-- Deals that have ended, up to the limit. Round-robin over the owners, the oldest deal of each first, so
-- that an owner with thousands of deals does not delay the others. Only the oldest deals are read, to
-- bound the work.
-- Slow: a background task of the sweep.
-- name: DealListDue :many
select due.id
from (
  select
    oldest.id, oldest.ends_at,
    row_number() over (partition by products.owner_id order by oldest.ends_at, oldest.id) as turn
  from (
    select deals.id, deals.product_id, deals.ends_at
    from deals
    -- Not clock_timestamp(): it is volatile, so no index could be used.
    where deals.closed_at is null and deals.ends_at <= now()
    order by deals.ends_at
    limit sqlc.arg(looked_at)::int
  ) as oldest
  join products on products.id = oldest.product_id
) as due
order by due.turn, due.ends_at, due.id
limit @size::int;
