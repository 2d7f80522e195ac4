-- Removes the keys of rejected orders, in the transaction that inserted them.
-- name: ReservationDelete :exec
delete from reservations
where order_id = any(@order_ids::uuid[]);
