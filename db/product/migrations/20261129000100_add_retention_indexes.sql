-- migrate:up
-- For retention: the oldest rows first.
create index reservations_released_updated_at_idx on reservations (updated_at) where state = 'released';

-- migrate:down
drop index reservations_released_updated_at_idx;
