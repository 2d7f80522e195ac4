-- For a page without a deal, which tells of no total. As of now, or of another moment, in milliseconds since 1970.
-- Slow: the status of a deal is asked of all of them.
-- name: DealCount :one
select count(*) as total
from deal_cards
cross join (
  select coalesce(timestamptz 'epoch' + sqlc.narg(at_ms)::float8 * interval '1 millisecond', now()) as at
) as moment
where deal_status_at(closed_at, starts_at, ends_at, remaining_stock, moment.at) = any(@statuses::deal_status[]);
