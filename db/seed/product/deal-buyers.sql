insert into product.deal_buyers (deal_id, user_id, units)
select pg_temp.id_of('deal', deal_no), pg_temp.id_of('user', user_no), units
from buyers
order by deal_no, user_no
