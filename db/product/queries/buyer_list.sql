-- The units that buyers have of deals, pair by pair; none where a buyer has no row. Queried when the
-- deals are locked: purchases that others have committed meanwhile must be visible.
-- name: BuyerList :many
select
  asked.deal_id::uuid as deal_id,
  asked.user_id::uuid as user_id,
  -- Looked up one by one: as a join, a plan made while the table was small would read all of it later.
  coalesce((
    select deal_buyers.units
    from deal_buyers
    where deal_buyers.deal_id = asked.deal_id and deal_buyers.user_id = asked.user_id
  ), 0)::int as units
from (select unnest(@deal_ids::uuid[]) as deal_id, unnest(@user_ids::uuid[]) as user_id) as asked;
