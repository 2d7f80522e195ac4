-- name: DealListRemaining :many
select id, remaining_stock
from deals
where id = any(@ids::uuid[]);
