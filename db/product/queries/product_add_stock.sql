-- No row: there is not as much to take away, or it would be more than an owner may set. What buyers
-- and deals have given back may stand above that; from there an owner may only take away.
-- name: ProductAddStock :one
update products
set
  stock = stock + sqlc.arg(delta)::int,
  supplied = supplied + sqlc.arg(delta)::int,
  fence_token = fence_token + 1,
  updated_at = now()
where id = @id and stock + sqlc.arg(delta)::int between 0 and greatest(stock, 2147483647)
returning id as product_id, stock, updated_at;
