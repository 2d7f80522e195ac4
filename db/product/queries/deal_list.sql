-- As of now, or of the given time, in milliseconds since 1970. Each row has the total, so that page and
-- total are consistent.
-- Slow: it computes the status of every deal.
-- name: DealList :many
select
  deal_cards.*,
  deal_status_at(closed_at, starts_at, ends_at, remaining_stock, moment.at) as status,
  count(*) over () as total
from deal_cards
cross join (
  select coalesce(timestamptz 'epoch' + sqlc.narg(at_ms)::float8 * interval '1 millisecond', now()) as at
) as moment
where deal_status_at(closed_at, starts_at, ends_at, remaining_stock, moment.at) = any(@statuses::deal_status[])
order by starts_at, id
limit @size::int offset @skip::bigint;
