-- Inserts void rows for ids without an order. Existing orders do not change.
-- name: OrderVoid :exec
insert into orders (id, status)
select unnest(@ids::uuid[]), 'void'
order by 1
on conflict do nothing;
