-- No row: as in DealTakeFenced.
-- name: ProductTakeFenced :one
update products
set
  stock = stock - sqlc.arg(units)::int,
  fence_token = fence_token + 1,
  updated_at = now()
where id = @id and fence_token = @fence_token
returning true::boolean as is_active;
