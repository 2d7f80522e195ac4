-- The ordered units of each product, without those of deals.
create temporary table taken on commit drop as
select product_no, sum(quantity) as units
from pg_temp.lines(1, pg_temp.order_count())
where deal_no is null and pg_temp.status_of(order_no) <> 'cancelled'
group by product_no
