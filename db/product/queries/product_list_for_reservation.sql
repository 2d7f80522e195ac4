-- name: ProductListForReservation :many
select id, name, price, stock
from products
where id = any(@ids::uuid[]);
