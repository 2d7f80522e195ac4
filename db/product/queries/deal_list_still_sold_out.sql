-- The deals that are still open, with the same version of the row as when they were found sold out.
-- name: DealListStillSoldOut :many
select deals.id
from deals
join (select unnest(@ids::uuid[]) as id, unnest(@versions::text[]) as version) as known
  on known.id = deals.id and known.version = deals.xmin::text
where deals.ends_at > clock_timestamp();
