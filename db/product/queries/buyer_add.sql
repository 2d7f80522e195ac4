-- name: BuyerAdd :exec
insert into deal_buyers (deal_id, user_id, units)
select unnest(@deal_ids::uuid[]), @user_id::uuid, unnest(sqlc.arg(units)::int[])
on conflict (deal_id, user_id) do update
set units = deal_buyers.units + excluded.units;
