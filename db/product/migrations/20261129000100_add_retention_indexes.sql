-- migrate:up
-- What retention looks for, the oldest first.
create index reservations_released_updated_at_idx on reservations (updated_at) where state = 'released';

-- migrate:down
drop index reservations_released_updated_at_idx;
