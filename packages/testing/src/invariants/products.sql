select id, stock, supplied
from products
order by id
