-- Orders of one line of a deal, one or many: keys, units, limits and lines, in one statement. Those
-- that are returned are granted. Of the others nothing is done: their order id is known, or when the
-- statement began their product, the buyer's limit or the window was against them, or there was not
-- enough for all who ask. Whoever finds out only when the row is had (it was taken or closed, a buyer
-- has enough by now, a key is known by now) has no quantity to write, which may not be null: that
-- undoes the whole statement. So far: what the buyer of an order asks for up to it, in this call.
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
-- Looked up one by one: as a join, a plan made while a table was small would read all of it later.
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
  -- Keys first, by id, then the deal: the order in which everybody locks.
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
  -- Asked here, the clock is that of after the wait for the row.
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
