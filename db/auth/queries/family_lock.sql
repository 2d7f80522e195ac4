-- Locks in the order of the ids. Of two that delete the last tokens of a family, the second sees
-- that none is left.
-- name: FamilyLock :exec
select id
from refresh_families
where id = any(@ids::uuid[])
order by id
for update;
