select id, deal_stock, remaining_stock, moved_back, per_user_limit
from deals
order by id
