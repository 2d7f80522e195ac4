-- Slow: an offset reads all rows that it skips, and without M3 a page reads the whole table.
-- name: ProductList :many
select
  id, name, description, price, stock, category, image_url, created_at, updated_at,
  (extract(epoch from created_at) * 1000000)::bigint as created_us
from products
where sqlc.narg(category)::text is null or category = sqlc.narg(category)
order by created_at desc, id desc
limit @size::int offset @skip::bigint;
