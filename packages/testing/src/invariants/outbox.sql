select id, order_id, kind, attempts
from outbox
order by id
