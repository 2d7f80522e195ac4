-- Locks the product for a change by its owner.
-- name: ProductGetForUpdate :one
select id, owner_id, name, description, price, stock, category, image_url
from products
where id = @id
for update;
