select id, status
from orders
