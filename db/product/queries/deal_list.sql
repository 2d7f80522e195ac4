-- As of now, or of another moment, in milliseconds since 1970. With how many there are in all, so that
-- no page contradicts its total.
-- Slow: the status of a deal is asked of all of them.
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
