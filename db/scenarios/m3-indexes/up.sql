-- Runs in one transaction, after the migrations. Writes wait for it, about a second for each million
-- rows.

-- A buyer's orders, newest first, in a range of time. The index includes the status, so that a count
-- reads no order. Void rows have no user and are not indexed.
create index if not exists m3_orders_of_user
on orders.orders (user_id, created_at desc, id desc) include (status)
where user_id is not null;

-- The product list, newest first.
create index if not exists m3_products_newest
on product.products (created_at desc, id desc);

-- The product list of one category, and its count.
create index if not exists m3_products_newest_of_category
on product.products (category, created_at desc, id desc);
