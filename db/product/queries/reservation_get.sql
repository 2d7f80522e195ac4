-- name: ReservationGet :one
select order_id, user_id, state, expires_at
from reservations
where order_id = @order_id;
