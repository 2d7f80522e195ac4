-- name: DealTake :exec
update deals
set remaining_stock = remaining_stock - taken.units, fence_token = fence_token + 1
from (select unnest(@ids::uuid[]) as id, unnest(sqlc.arg(units)::int[]) as units) as taken
where deals.id = taken.id;
