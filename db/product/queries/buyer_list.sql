-- To be asked when the deal is locked: what others have bought meanwhile must be seen.
-- name: BuyerList :many
select user_id, units
from deal_buyers
where deal_id = @deal_id and user_id = any(@user_ids::uuid[]);
