-- Takes units of a product without a deal for one or many orders of one line: keys, units and lines, in
-- one statement. The returned orders are granted. The others change nothing: their order id is known,
-- the product does not exist, or there are not enough units for all. If an order id is inserted or
-- units are taken before the row is locked, there is no product to write the line from, so its quantity
-- is null, which violates a constraint and rolls back the whole statement.
-- name: ReservationTakeProduct :many
with asked as (
  select
    unnest(@order_ids::uuid[]) as order_id,
    unnest(@user_ids::uuid[]) as user_id,
    unnest(@quantities::int[]) as quantity
),
offered as (
  select
    products.id, products.name, products.price,
    (now() + sqlc.arg(ttl_ms)::int * interval '1 millisecond')::timestamptz as expires_at
  from products
  where products.id = @product_id
    and products.stock >= (select sum(asked.quantity) from asked)
),
-- A subquery per row: as a join, a generic plan from a small table would later scan the whole table.
eligible as (
  select asked.order_id, asked.user_id, asked.quantity
  from offered
  cross join asked
  where (select known.order_id from reservations as known where known.order_id = asked.order_id) is null
),
created as (
  insert into reservations (order_id, user_id, state, expires_at)
  select eligible.order_id, eligible.user_id, 'held', offered.expires_at
  from offered
  cross join eligible
  -- Keys first, by id, then the product: all statements lock in this order.
  order by eligible.order_id
  on conflict do nothing
  returning order_id
),
taken as (
  update products
  set stock = products.stock - wanted.units, fence_token = products.fence_token + 1, updated_at = now()
  from
    (select count(*) as keys, sum(eligible.quantity)::int as units from eligible) as wanted
    join (select count(*) as keys from created) as had on had.keys = wanted.keys
  where products.id = @product_id and products.stock >= wanted.units
  returning products.name, products.price
),
written as (
  insert into reservation_lines (
    order_id, line_no, product_id, deal_id, quantity, product_name, unit_price
  )
  select
    eligible.order_id, 1, offered.id, null,
    case when taken.name is not null then eligible.quantity end,
    coalesce(taken.name, offered.name), coalesce(taken.price, offered.price)
  from offered
  cross join eligible
  left join taken on true
)
select
  eligible.order_id::uuid as order_id, offered.expires_at, taken.name as product_name,
  taken.price as unit_price
from offered
cross join eligible
cross join taken;
