-- Counts the violations of I1, I2, I2b and I5 of `npm run invariants`, in the stock of deals and
-- products and in the units of buyers. One statement reads one snapshot.
-- Slow: it reads every line of the reservations that hold stock.
-- name: InvariantCount :one
with taken as (
  select
    reservation_lines.deal_id,
    reservation_lines.product_id,
    reservations.user_id,
    sum(reservation_lines.quantity) as units
  from reservations
  join reservation_lines on reservation_lines.order_id = reservations.order_id
  where reservations.state in ('held', 'confirmed')
  group by reservation_lines.deal_id, reservation_lines.product_id, reservations.user_id
),
pools as (
  select
    deals.deal_stock::bigint as given,
    deals.remaining_stock::bigint as remaining,
    deals.moved_back::bigint as moved_back,
    coalesce(of_deal.units, 0)::bigint as taken
  from deals
  left join (
    select taken.deal_id, sum(taken.units) as units from taken group by taken.deal_id
  ) as of_deal on of_deal.deal_id = deals.id
  union all
  select products.supplied, products.stock, 0, coalesce(of_product.units, 0)::bigint
  from products
  left join (
    select taken.product_id, sum(taken.units) as units
    from taken
    where taken.deal_id is null
    group by taken.product_id
  ) as of_product on of_product.product_id = products.id
),
buyers as (
  select
    coalesce(counted.deal_id, of_buyer.deal_id) as deal_id,
    coalesce(counted.units, 0)::bigint as counted,
    coalesce(of_buyer.units, 0)::bigint as taken
  from deal_buyers as counted
  full join (
    select taken.deal_id, taken.user_id, sum(taken.units) as units
    from taken
    where taken.deal_id is not null
    group by taken.deal_id, taken.user_id
  ) as of_buyer on of_buyer.deal_id = counted.deal_id and of_buyer.user_id = counted.user_id
)
select
  (select count(*) from pools where pools.remaining < 0 or pools.taken > pools.given)::bigint as oversold,
  (
    select count(*) from pools where pools.remaining + pools.moved_back + pools.taken <> pools.given
  )::bigint as unbalanced,
  (select count(*) from buyers where buyers.counted <> buyers.taken)::bigint as miscounted,
  (
    select count(*)
    from buyers
    join deals on deals.id = buyers.deal_id
    where buyers.taken > deals.per_user_limit
  )::bigint as over_limit;
