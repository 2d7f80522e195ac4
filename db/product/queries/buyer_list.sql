-- The units that buyers have of deals, by pair; 0 for a buyer without a row. Run it after the deals
-- are locked, so that it sees the purchases of other transactions.
-- name: BuyerList :many
select
  asked.deal_id::uuid as deal_id,
  asked.user_id::uuid as user_id,
  -- A subquery per row: as a join, a generic plan from a small table would later scan the whole table.
  coalesce((
    select deal_buyers.units
    from deal_buyers
    where deal_buyers.deal_id = asked.deal_id and deal_buyers.user_id = asked.user_id
  ), 0)::int as units
from (select unnest(@deal_ids::uuid[]) as deal_id, unnest(@user_ids::uuid[]) as user_id) as asked;
