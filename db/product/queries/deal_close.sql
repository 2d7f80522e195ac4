-- name: DealClose :exec
update deals
set closed_at = clock_timestamp(), moved_back = moved_back + remaining_stock, remaining_stock = 0
where id = @id;
