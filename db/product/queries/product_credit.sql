-- What deals give back when they are over.
-- name: ProductCredit :exec
update products
set
  stock = stock + credited.units,
  supplied = supplied + credited.units,
  updated_at = now()
from (select unnest(@ids::uuid[]) as id, unnest(sqlc.arg(units)::int[]) as units) as credited
where products.id = credited.id;
