-- migrate:up
-- Counts those who took from the row under a lock that may expire (M1, redlock), and whoever else
-- made what such a one has read untrue. Who comes with an older token has no effect.
alter table deals add column fence_token bigint not null default 0;
alter table products add column fence_token bigint not null default 0;

-- migrate:down
alter table products drop column fence_token;
alter table deals drop column fence_token;
