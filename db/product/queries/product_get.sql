-- name: ProductGet :one
select id, name, description, price, stock, category, image_url, created_at, updated_at
from products
where id = @id;
