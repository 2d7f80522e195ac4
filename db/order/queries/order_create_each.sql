-- Only those are returned whose id was neither an order nor void. An order without an address has
-- an empty text for it, because an array cannot be said to hold nulls.
-- name: OrderCreateEach :many
insert into orders (id, user_id, status, total_amount, shipping_address)
select
  asked.id, asked.user_id, 'confirmed', asked.total_amount, nullif(asked.shipping_address, '')::jsonb
from (
  select
    unnest(@ids::uuid[]) as id,
    unnest(@user_ids::uuid[]) as user_id,
    unnest(@total_amounts::bigint[]) as total_amount,
    unnest(@shipping_addresses::text[]) as shipping_address
) as asked
order by asked.id
on conflict do nothing
returning id, created_at, updated_at;
