-- name: ProductUpdate :one
update products
set
  name = @name,
  description = sqlc.narg(description),
  price = @price,
  category = sqlc.narg(category),
  image_url = sqlc.narg(image_url),
  updated_at = now()
where id = @id
returning
  id, name, description, price, stock, category, image_url, created_at, updated_at,
  pg_current_xact_id()::text as transaction_id;
