-- name: ProductCreate :one
insert into products (id, owner_id, name, description, price, stock, supplied, category, image_url)
values (
  @id, @owner_id, @name, sqlc.narg(description), @price, @stock::int, @stock::int, sqlc.narg(category), sqlc.narg(image_url)
)
returning
  id, name, description, price, stock, category, image_url, created_at, updated_at,
  pg_current_xact_id()::text as transaction_id;
