-- How long it has been due: by the clock that also says when to ask.
select
  order_id,
  user_id,
  state,
  (extract(epoch from clock_timestamp() - expires_at) * 1000)::float8 as overdue_ms
from reservations
order by order_id
