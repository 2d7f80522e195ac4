-- A release that comes first is kept, so that the reservation which comes after it is refused.
-- name: ReservationReleaseUnknown :execrows
insert into reservations (order_id, state, expires_at)
values (@order_id, 'released', now())
on conflict do nothing;
