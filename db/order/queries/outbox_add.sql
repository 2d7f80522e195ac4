-- name: OutboxAdd :one
insert into outbox (order_id, kind)
values (@order_id, @kind)
returning id;
