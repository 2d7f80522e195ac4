-- No row: it was released before, and its stock with it.
-- name: ReservationRelease :one
update reservations
set state = 'released', updated_at = now()
where order_id = @order_id and state in ('held', 'confirmed')
returning user_id;
