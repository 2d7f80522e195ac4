select
  id,
  user_id,
  status,
  total_amount,
  (extract(epoch from created_at) * 1000)::float8 as created_ms
from orders
order by id
