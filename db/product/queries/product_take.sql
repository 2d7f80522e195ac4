-- name: ProductTake :exec
update products
set stock = stock - taken.units, fence_token = fence_token + 1, updated_at = now()
from (select unnest(@ids::uuid[]) as id, unnest(sqlc.arg(units)::int[]) as units) as taken
where products.id = taken.id;
