-- Each pair of deal and buyer once: one statement cannot change a row twice.
-- name: BuyerAddEach :exec
insert into deal_buyers (deal_id, user_id, units)
select unnest(@deal_ids::uuid[]), unnest(@user_ids::uuid[]), unnest(sqlc.arg(units)::int[])
on conflict (deal_id, user_id) do update
set units = deal_buyers.units + excluded.units;
