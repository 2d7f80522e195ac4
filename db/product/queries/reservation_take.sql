-- Takes units of a deal for one or many orders of one line: keys, units, limits and lines, in one
-- statement. The returned orders are granted. The others change nothing: their order id is known, the
-- product, the buyer's limit or the window did not match at the start of the statement, or there are
-- not enough units for all. If a check fails after the row is locked (units taken, deal closed, limit
-- reached or key inserted meanwhile), the quantity of the line is null, which violates a constraint and
-- rolls back the whole statement. `so_far`: the units that the buyer requests up to this order in this
-- call.
-- name: ReservationTake :many
with asked as (
  select
    unnest(@order_ids::uuid[]) as order_id,
    unnest(@user_ids::uuid[]) as user_id,
    unnest(@product_ids::uuid[]) as product_id,
    unnest(@quantities::int[]) as quantity,
    unnest(@so_far::int[]) as so_far
),
offered as (
  select
    deals.id, deals.product_id, deals.deal_price, deals.per_user_limit, products.name,
    (now() + sqlc.arg(ttl_ms)::int * interval '1 millisecond')::timestamptz as expires_at
  from deals
  join products on products.id = deals.product_id
  where deals.id = @deal_id
    and deals.closed_at is null
    and deals.starts_at <= clock_timestamp()
    and deals.ends_at > clock_timestamp()
    and deals.remaining_stock >= (select sum(asked.quantity) from asked)
),
-- A subquery per row: as a join, a generic plan from a small table would later scan the whole table.
eligible as (
  select asked.order_id, asked.user_id, asked.quantity
  from offered
  join asked on asked.product_id = offered.product_id
  where (select known.order_id from reservations as known where known.order_id = asked.order_id) is null
    and (
      offered.per_user_limit is null
      or asked.so_far <= offered.per_user_limit - coalesce((
        select deal_buyers.units
        from deal_buyers
        where deal_buyers.deal_id = offered.id and deal_buyers.user_id = asked.user_id
      ), 0)
    )
),
buyers as (
  select eligible.user_id, sum(eligible.quantity)::int as units
  from eligible
  group by eligible.user_id
),
created as (
  insert into reservations (order_id, user_id, state, expires_at)
  select eligible.order_id, eligible.user_id, 'held', offered.expires_at
  from offered
  cross join eligible
  -- Keys first, by id, then the deal: all statements lock in this order.
  order by eligible.order_id
  on conflict do nothing
  returning order_id
),
taken as (
  update deals
  set remaining_stock = deals.remaining_stock - wanted.units, fence_token = deals.fence_token + 1
  from
    (select count(*) as keys, sum(eligible.quantity)::int as units from eligible) as wanted
    join (select count(*) as keys from created) as had on had.keys = wanted.keys
  where deals.id = @deal_id
    and deals.closed_at is null
    and deals.remaining_stock >= wanted.units
  -- Evaluated here, the clock is read after the wait for the row.
  returning
    deals.per_user_limit,
    deals.starts_at <= clock_timestamp() and deals.ends_at > clock_timestamp() as is_active
),
bought as (
  insert into deal_buyers (deal_id, user_id, units)
  select @deal_id, buyers.user_id, buyers.units
  from taken
  cross join buyers
  where taken.is_active
  on conflict (deal_id, user_id) do update
  set units = deal_buyers.units + excluded.units
  where deal_buyers.units + excluded.units <= coalesce((select taken.per_user_limit from taken), 2147483647)
  returning user_id
),
written as (
  insert into reservation_lines (
    order_id, line_no, product_id, deal_id, quantity, product_name, unit_price
  )
  select
    eligible.order_id, 1, offered.product_id, offered.id,
    case when (select count(*) from bought) = (select count(*) from buyers) then eligible.quantity end,
    offered.name, offered.deal_price
  from offered
  cross join eligible
)
select
  eligible.order_id::uuid as order_id, offered.expires_at, offered.name as product_name,
  offered.deal_price as unit_price
from offered
cross join eligible;
