-- migrate:up
-- For retention: the oldest rows first.
create index claims_lease_until_idx on claims (lease_until);
create index orders_void_created_at_idx on orders (created_at) where status = 'void';

-- migrate:down
drop index orders_void_created_at_idx;
drop index claims_lease_until_idx;
