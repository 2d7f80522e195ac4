-- For a page without deals, whose rows cannot contain the total. As of now, or of the given time, in
-- milliseconds since 1970.
-- Slow: it computes the status of every deal.
-- name: DealCount :one
select count(*) as total
from deal_cards
cross join (
  select coalesce(timestamptz 'epoch' + sqlc.narg(at_ms)::float8 * interval '1 millisecond', now()) as at
) as moment
where deal_status_at(closed_at, starts_at, ends_at, remaining_stock, moment.at) = any(@statuses::deal_status[]);
