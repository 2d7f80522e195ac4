-- name: ReservationListStates :many
select order_id, state
from reservations
where order_id = any(@order_ids::uuid[]);
