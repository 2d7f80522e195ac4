select deal_id, user_id, units
from deal_buyers
order by deal_id, user_id
