-- No row: the id is already an order or void.
-- name: OrderCreate :one
insert into orders (id, user_id, status, total_amount, shipping_address)
values (@id, @user_id::uuid, 'confirmed', @total_amount::bigint, sqlc.narg(shipping_address))
on conflict do nothing
returning created_at, updated_at;
