select id, user_id, status, total_amount
from orders
order by id
