-- An open deal as a gate before it has to know it, and all who ever had units of it, of one moment.
-- Of a deal with more units than a gate can remember buyers, nobody is told.
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
