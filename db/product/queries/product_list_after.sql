-- As ProductList, what comes after a row. With M3 nothing is read of what comes before.
-- Slow: without M3 a page reads all rows.
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
