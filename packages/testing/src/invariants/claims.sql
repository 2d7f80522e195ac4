select
  user_id,
  key,
  order_id,
  answer,
  (extract(epoch from created_at) * 1000)::float8 as created_ms
from claims
order by user_id, key
