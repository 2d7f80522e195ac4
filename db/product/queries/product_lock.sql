-- Locks in the order of the ids, as all statements do, so that two transactions do not deadlock.
-- name: ProductLock :exec
select id
from products
where id = any(@ids::uuid[])
order by id
for update;
