-- Slow: the count reads all rows.
-- name: ProductCount :one
select count(*) as total
from products
where sqlc.narg(category)::text is null or category = sqlc.narg(category);
