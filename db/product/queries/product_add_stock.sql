-- No row: there are fewer units than are to be removed, or the sum exceeds what an owner can set. Units
-- returned by buyers and deals may raise the stock above that; then an owner can only remove units.
-- name: ProductAddStock :one
update products
set
  stock = stock + sqlc.arg(delta)::int,
  supplied = supplied + sqlc.arg(delta)::int,
  fence_token = fence_token + 1,
  updated_at = now()
where id = @id and stock + sqlc.arg(delta)::int between 0 and greatest(stock, 2147483647)
returning id as product_id, stock, updated_at;
