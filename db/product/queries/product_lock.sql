-- Locks in the order of the ids, as everywhere, so that two that want the same rows do not deadlock.
-- name: ProductLock :exec
select id
from products
where id = any(@ids::uuid[])
order by id
for update;
