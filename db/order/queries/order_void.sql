-- Makes ids void that are not orders. Existing orders do not change.
-- name: OrderVoid :exec
insert into orders (id, status)
select unnest(@ids::uuid[]), 'void'
order by 1
on conflict do nothing;
