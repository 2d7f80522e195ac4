-- What autovacuum would do a while later: without it the planner would guess, and readers would look
-- up the visibility of every row.
vacuum (analyze)
  auth.users, product.products, product.deals, product.deal_buyers, product.reservations,
  product.reservation_lines, orders.orders, orders.order_items
