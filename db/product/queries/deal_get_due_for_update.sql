-- No row: another transaction has closed it.
-- name: DealGetDueForUpdate :one
select id, product_id, remaining_stock
from deals
where id = @id and closed_at is null and ends_at <= clock_timestamp()
for update;
