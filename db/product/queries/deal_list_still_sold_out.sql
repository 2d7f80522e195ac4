-- Those of the deals that are as they were when they were found sold out, and open still.
-- name: DealListStillSoldOut :many
select deals.id
from deals
join (select unnest(@ids::uuid[]) as id, unnest(@versions::text[]) as version) as known
  on known.id = deals.id and known.version = deals.xmin::text
where deals.ends_at > clock_timestamp();
