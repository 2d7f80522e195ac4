-- name: DealCount :one
select count(*) as total
from deal_cards
where status = any(@statuses::deal_status[]);
