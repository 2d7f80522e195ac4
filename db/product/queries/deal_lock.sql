-- Locks in the order of the ids; deals are locked before products in all transactions.
-- name: DealLock :exec
select id
from deals
where id = any(@ids::uuid[])
order by id
for update;
