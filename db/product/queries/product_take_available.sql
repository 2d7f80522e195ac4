-- No row: there is no such product, or it has too few units.
-- name: ProductTakeAvailable :one
update products
set stock = stock - sqlc.arg(units)::int, fence_token = fence_token + 1, updated_at = now()
where id = @id and stock >= sqlc.arg(units)::int
returning id as product_id, name as product_name, price as unit_price;
