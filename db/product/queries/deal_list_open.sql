-- The deals that are open now, those that end first.
-- name: DealListOpen :many
select deals.id, products.name as product_name, deals.deal_stock, deals.remaining_stock
from deals
join products on products.id = deals.product_id
where deals.closed_at is null and deals.starts_at <= now() and deals.ends_at > now()
order by deals.ends_at, deals.id
limit @size::int;
