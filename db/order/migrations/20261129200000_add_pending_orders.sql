-- migrate:up
-- When an order that is pending was last appended to the log, or was about to be.
alter table orders add column appended_at timestamptz;
create index orders_pending_idx on orders (appended_at) where status = 'pending';

-- migrate:down
drop index orders_pending_idx;
alter table orders drop column appended_at;
