-- Takes back the keys of those that were refused, in the transaction that made them.
-- name: ReservationDelete :exec
delete from reservations
where order_id = any(@order_ids::uuid[]);
