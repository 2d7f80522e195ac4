-- migrate:up
-- The time shortly before a pending order was last appended to the log.
alter table orders add column appended_at timestamptz;
create index orders_pending_idx on orders (appended_at) where status = 'pending';

-- migrate:down
drop index orders_pending_idx;
alter table orders drop column appended_at;
