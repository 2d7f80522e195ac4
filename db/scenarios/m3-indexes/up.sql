-- Run in one transaction, after the migrations. Who writes waits meanwhile, a second or so for each
-- million rows.

-- A buyer's orders, newest first, of a time; the status comes with it, so that counting reads no
-- order. Void rows have no user, and are left out.
create index if not exists m3_orders_of_user
on orders.orders (user_id, created_at desc, id desc) include (status)
where user_id is not null;

-- The product list, newest first.
create index if not exists m3_products_newest
on product.products (created_at desc, id desc);

-- The same of one category, which is counted by it too.
create index if not exists m3_products_newest_of_category
on product.products (category, created_at desc, id desc);
