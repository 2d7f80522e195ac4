-- Returns units to an open deal. Units of a closed deal are counted as moved back to the product, which
-- the caller credits.
-- name: DealGiveBack :many
update deals
set
  remaining_stock = remaining_stock + case when closed_at is null then given.units else 0 end,
  moved_back = moved_back + case when closed_at is null then 0 else given.units end
from (select unnest(@ids::uuid[]) as id, unnest(sqlc.arg(units)::int[]) as units) as given
where deals.id = given.id
returning deals.product_id, given.units::int as units, (deals.closed_at is not null)::boolean as is_closed;
