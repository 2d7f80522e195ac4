select user_id, key, order_id, answer
from claims
order by user_id, key
