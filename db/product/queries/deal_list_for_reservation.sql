-- Run it after the rows are locked, so that the clock is read after the wait.
-- name: DealListForReservation :many
select
  deals.id,
  deals.product_id,
  deals.deal_price,
  deals.remaining_stock,
  deals.per_user_limit,
  products.name as product_name,
  (
    deals.closed_at is null
    and deals.starts_at <= clock_timestamp()
    and deals.ends_at > clock_timestamp()
  )::boolean as is_active,
  coalesce(deal_buyers.units, 0)::int as bought
from deals
join products on products.id = deals.product_id
left join deal_buyers on deal_buyers.deal_id = deals.id and deal_buyers.user_id = @user_id
where deals.id = any(@ids::uuid[]);
