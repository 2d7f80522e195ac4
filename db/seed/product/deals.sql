-- The remaining units of ended deals are back in the stock of the product. One in five open deals with
-- sales is sold out.
insert into product.deals (
  id, product_id, deal_price, deal_stock, remaining_stock, moved_back, per_user_limit, starts_at, ends_at,
  closed_at, created_at
)
select
  pg_temp.id_of('deal', deal_no),
  pg_temp.id_of('product', pg_temp.product_of_deal(deal_no)),
  pg_temp.deal_price_of(deal_no),
  coalesce(sold.units, 0) + rest.units,
  case when pg_temp.is_over(deal_no) then 0 else rest.units end,
  case when pg_temp.is_over(deal_no) then rest.units else 0 end,
  case when pg_temp.draw(deal_no, 202) < 0.5 then
    greatest(sold.most, 1 + pg_temp.whole(5, deal_no, 203))
  end,
  pg_temp.starts_of(deal_no),
  pg_temp.ends_of(deal_no),
  case when pg_temp.is_over(deal_no) then pg_temp.ends_of(deal_no) end,
  least(pg_temp.starts_of(deal_no), pg_temp.moment(1))
from generate_series(1, pg_temp.deal_count()) as deal_no
left join (
  select deal_no, sum(units) as units, max(units) as most from buyers group by deal_no
) as sold using (deal_no)
cross join lateral (
  select case
    when sold.units is not null and pg_temp.draw(deal_no, 204) < 0.2 then 0
    else 1 + pg_temp.popular(400, deal_no, 205)
  end as units
) as rest
order by deal_no
