-- Settles ids that are not orders, for good. Those that are stay as they are.
-- name: OrderVoid :exec
insert into orders (id, status)
select unnest(@ids::uuid[]), 'void'
order by 1
on conflict do nothing;
