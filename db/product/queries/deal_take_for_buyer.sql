-- Takes units of one deal, for an order of several lines, within the buyer's limit. No row: the line
-- cannot be granted, and the caller must roll back, because units may have been taken.
-- name: DealTakeForBuyer :one
with taken as (
  update deals
  set
    remaining_stock = deals.remaining_stock - sqlc.arg(units)::int,
    fence_token = deals.fence_token + 1
  from products
  where deals.id = @id
    and products.id = deals.product_id
    and deals.closed_at is null
    and deals.remaining_stock >= sqlc.arg(units)::int
  -- Evaluated here, the clock is read after the wait for the row.
  returning
    deals.id,
    deals.product_id,
    deals.deal_price,
    deals.per_user_limit,
    products.name,
    deals.starts_at <= clock_timestamp() and deals.ends_at > clock_timestamp() as is_active
),
bought as (
  insert into deal_buyers (deal_id, user_id, units)
  select taken.id, @user_id::uuid, sqlc.arg(units)::int
  from taken
  where taken.is_active and (taken.per_user_limit is null or taken.per_user_limit >= sqlc.arg(units)::int)
  on conflict (deal_id, user_id) do update
  set units = deal_buyers.units + excluded.units
  where deal_buyers.units + excluded.units <= coalesce((select taken.per_user_limit from taken), 2147483647)
  returning deal_id
)
select taken.product_id, taken.name as product_name, taken.deal_price as unit_price
from taken
join bought on bought.deal_id = taken.id;
