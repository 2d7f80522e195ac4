-- Moves units from the product to a deal. No row: there are not enough.
-- name: ProductAllocate :execrows
update products
set
  stock = stock - sqlc.arg(units)::int,
  supplied = supplied - sqlc.arg(units)::int,
  fence_token = fence_token + 1,
  updated_at = now()
where id = @id and stock >= sqlc.arg(units)::int;
