-- Autovacuum does this only later. Without it the planner has no statistics, and index-only scans have
-- to read the table.
vacuum (analyze)
  auth.users, product.products, product.deals, product.deal_buyers, product.reservations,
  product.reservation_lines, orders.orders, orders.order_items
