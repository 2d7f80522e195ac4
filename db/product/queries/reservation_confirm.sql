-- Rows are locked in the order of the ids. Only held ones change; released ones stay released.
-- name: ReservationConfirm :execrows
update reservations
set state = 'confirmed', updated_at = now()
where order_id in (
  select held.order_id
  from reservations as held
  where held.order_id = any(@order_ids::uuid[]) and held.state = 'held'
  order by held.order_id
  for update
);
