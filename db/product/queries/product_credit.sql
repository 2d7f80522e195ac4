-- Adds the units that deals return when they end. Several deals of a product may return more than one
-- deal can have, so the units are a bigint.
-- name: ProductCredit :exec
update products
set
  stock = stock + credited.units,
  supplied = supplied + credited.units,
  updated_at = now()
from (select unnest(@ids::uuid[]) as id, unnest(sqlc.arg(units)::bigint[]) as units) as credited
where products.id = credited.id;
