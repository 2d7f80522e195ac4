-- With the snapshot of the count: it shows whether the rows of any other transaction are counted.
-- Slow: the count reads all rows.
-- name: ProductCountAt :one
select count(*) as total, pg_current_snapshot()::text as snapshot
from products
where sqlc.narg(category)::text is null or category = sqlc.narg(category);
