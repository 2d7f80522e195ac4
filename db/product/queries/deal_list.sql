-- name: DealList :many
select *
from deal_cards
where status = any(@statuses::deal_status[])
order by starts_at, id
limit @size::int offset @skip::bigint;
