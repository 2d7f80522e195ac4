-- name: OutboxAddEach :exec
insert into outbox (order_id, kind)
select unnest(@order_ids::uuid[]), @kind;
