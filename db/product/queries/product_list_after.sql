-- As ProductList, but the rows after a given one. With M3 no earlier rows are read.
-- Slow: without M3 a page reads the whole table.
-- name: ProductListAfter :many
select
  id, name, description, price, stock, category, image_url, created_at, updated_at,
  (extract(epoch from created_at) * 1000000)::bigint as created_us
from products
where
  (created_at, id) < (timestamptz 'epoch' + sqlc.arg(created_us)::bigint * interval '1 microsecond', @id::uuid)
  and (sqlc.narg(category)::text is null or category = sqlc.narg(category))
order by created_at desc, id desc
limit @size::int;
