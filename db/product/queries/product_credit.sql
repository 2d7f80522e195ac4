-- What deals give back when they are over. Several deals of a product may give back more together
-- than one deal can have, so the units are of 64 bits.
-- name: ProductCredit :exec
update products
set
  stock = stock + credited.units,
  supplied = supplied + credited.units,
  updated_at = now()
from (select unnest(@ids::uuid[]) as id, unnest(sqlc.arg(units)::bigint[]) as units) as credited
where products.id = credited.id;
