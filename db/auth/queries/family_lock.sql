-- Locks in the order of the ids. If two transactions delete the last tokens of a family, the second
-- one sees that the family is empty.
-- name: FamilyLock :exec
select id
from refresh_families
where id = any(@ids::uuid[])
order by id
for update;
