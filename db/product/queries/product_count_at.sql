-- With the transactions that it has seen: of any other it can be said whether its rows are counted.
-- Slow: counting reads all rows.
-- name: ProductCountAt :one
select count(*) as total, pg_current_snapshot()::text as snapshot
from products
where sqlc.narg(category)::text is null or category = sqlc.narg(category);
