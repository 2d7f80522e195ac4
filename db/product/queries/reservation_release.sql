-- No row: it was already released, and its stock returned.
-- name: ReservationRelease :one
update reservations
set state = 'released', updated_at = now()
where order_id = @order_id and state in ('held', 'confirmed')
returning user_id;
