-- The current time, and the times at which deals open or end in the given period; in milliseconds since
-- 1970, in ascending order.
-- name: DealListBoundaries :many
select (extract(epoch from border.at) * 1000)::float8 as at_ms
from (
  select now() as at
  union
  select starts_at
  from deals
  -- A deal that will open will also end, and there is an index on those.
  where closed_at is null
    and ends_at > now()
    and starts_at > now()
    and starts_at <= now() + sqlc.arg(ahead_ms)::int * interval '1 millisecond'
  union
  select ends_at
  from deals
  where closed_at is null
    and ends_at > now()
    and ends_at <= now() + sqlc.arg(ahead_ms)::int * interval '1 millisecond'
) as border
order by at_ms
limit @size::int;
