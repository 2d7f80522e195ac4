-- An open deal for the gate in Redis, with all buyers who ever had units of it, in one snapshot. No
-- buyers are returned for a deal with more units than the gate can store buyers.
-- name: DealGetForGate :one
select
  product_id,
  remaining_stock,
  per_user_limit,
  (deal_stock <= sqlc.arg(units_max)::int)::boolean as is_small,
  (extract(epoch from ends_at - clock_timestamp()) * 1000)::bigint as open_ms,
  array(
    select user_id
    from deal_buyers
    where deal_id = deals.id and deals.deal_stock <= sqlc.arg(units_max)::int
  )::uuid[] as buyer_ids
from deals
where id = @id
  and closed_at is null
  and starts_at <= clock_timestamp()
  and ends_at > clock_timestamp();
