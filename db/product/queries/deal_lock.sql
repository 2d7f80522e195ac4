-- Locks in the order of the ids; deals come before products, everywhere.
-- name: DealLock :exec
select id
from deals
where id = any(@ids::uuid[])
order by id
for update;
