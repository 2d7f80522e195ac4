-- name: BuyerSubtract :exec
update deal_buyers
set units = deal_buyers.units - given.units
from (select unnest(@deal_ids::uuid[]) as deal_id, unnest(sqlc.arg(units)::int[]) as units) as given
where deal_buyers.deal_id = given.deal_id and deal_buyers.user_id = @user_id;
