drop index if exists orders.m3_orders_of_user;
drop index if exists product.m3_products_newest;
drop index if exists product.m3_products_newest_of_category;
