-- A deal that is open and has no units left, with all buyers who ever had units of it, and with the
-- version of its row, which changes when units are taken or returned. No row: it is not sold out, or
-- too large for the memory of M7.
-- name: DealGetSoldOut :one
select
  product_id,
  xmin::text as version,
  array(select user_id from deal_buyers where deal_id = deals.id)::uuid[] as buyer_ids
from deals
where id = @id
  and remaining_stock = 0
  and closed_at is null
  and starts_at <= clock_timestamp()
  and ends_at > clock_timestamp()
  and deal_stock <= sqlc.arg(units_max)::int;
