-- name: ProductList :many
select id, name, description, price, stock, category, image_url, created_at, updated_at
from products
where sqlc.narg(category)::text is null or category = sqlc.narg(category)
order by created_at desc, id desc
limit @size::int offset @skip::bigint;
