-- Stores a release that arrives before its reservation, so that the reservation is rejected.
-- name: ReservationReleaseUnknown :execrows
insert into reservations (order_id, state, expires_at)
values (@order_id, 'released', now())
on conflict do nothing;
