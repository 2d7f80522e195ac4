-- name: OutboxAdd :one
insert into outbox (order_id, kind, traceparent)
values (@order_id, @kind, sqlc.narg(traceparent))
returning id;
