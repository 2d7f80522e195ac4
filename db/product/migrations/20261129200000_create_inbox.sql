-- migrate:up
-- Events of other services that have taken effect here. They may be delivered again.
create table inbox (
  event_id text primary key,
  received_at timestamptz not null default now()
);
create index inbox_received_at_idx on inbox (received_at);

-- migrate:down
drop table inbox;
