-- Slow: a check of the sweep, for which nobody waits.
-- name: DealListDue :many
select id
from deals
where closed_at is null and ends_at <= clock_timestamp()
order by id
limit @size::int;
