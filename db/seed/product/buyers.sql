create temporary table buyers on commit drop as
select deal_no, pg_temp.buyer_of(order_no) as user_no, sum(quantity) as units
from pg_temp.lines(1, pg_temp.order_count())
where deal_no is not null and pg_temp.status_of(order_no) <> 'cancelled'
group by deal_no, pg_temp.buyer_of(order_no)
