-- No row: there is not as much to take away, or it would be more than a product may have.
-- name: ProductAddStock :one
update products
set
  stock = stock + sqlc.arg(delta)::int,
  supplied = supplied + sqlc.arg(delta)::int,
  fence_token = fence_token + 1,
  updated_at = now()
where id = @id and stock + sqlc.arg(delta)::int between 0 and 2147483647
returning id as product_id, stock, updated_at;
