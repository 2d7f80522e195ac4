-- Stores one or many pending orders: orders, items and the responses of their keys, in one statement.
-- The returned orders are stored. Nothing is written for the others, because their id is already an
-- order or void. No id may be repeated. As in OrderStore, an empty string stands for null, and the
-- creation time of the order replaces the placeholder in a response.
-- name: OrderAccept :many
with asked as materialized (
  select
    unnest(@ids::uuid[]) as id,
    unnest(@user_ids::uuid[]) as user_id,
    unnest(@total_amounts::bigint[]) as total_amount,
    unnest(@shipping_addresses::text[]) as shipping_address,
    unnest(@keys::text[]) as key,
    unnest(@answers::text[]) as answer
),
created as (
  insert into orders (id, user_id, status, total_amount, shipping_address, appended_at)
  select
    asked.id, asked.user_id, 'pending', asked.total_amount,
    nullif(asked.shipping_address, '')::jsonb, now()
  from asked
  -- All statements lock in this order.
  order by asked.id
  on conflict do nothing
  returning id, created_at
),
items as (
  insert into order_items (
    order_id, line_no, id, product_id, deal_id, product_name, quantity, unit_price
  )
  select
    line.order_id, line.line_no, line.id, line.product_id, nullif(line.deal_id, '')::uuid,
    line.product_name, line.quantity, line.unit_price
  from (
    select
      unnest(@item_order_ids::uuid[]) as order_id,
      unnest(@line_nos::int[]) as line_no,
      unnest(@item_ids::uuid[]) as id,
      unnest(@product_ids::uuid[]) as product_id,
      unnest(@deal_ids::text[]) as deal_id,
      unnest(@product_names::text[]) as product_name,
      unnest(@quantities::int[]) as quantity,
      unnest(@unit_prices::bigint[]) as unit_price
  ) as line
  join created on created.id = line.order_id
),
answered as (
  update claims
  set answer = replace(
    asked.answer, @placeholder,
    to_char(created.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  )
  from asked
  join created on created.id = asked.id
  where asked.key <> ''
    and claims.user_id = asked.user_id and claims.key = asked.key and claims.order_id = asked.id
)
select
  created.id,
  to_char(created.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')::text as created_at
from created;
