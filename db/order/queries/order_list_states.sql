-- name: OrderListStates :many
select id, status
from orders
where id = any(@ids::uuid[]);
