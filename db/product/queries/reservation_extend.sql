-- name: ReservationExtend :exec
update reservations
set expires_at = now() + sqlc.arg(ttl_ms)::int * interval '1 millisecond', updated_at = now()
where order_id = any(@order_ids::uuid[]) and state = 'held';
