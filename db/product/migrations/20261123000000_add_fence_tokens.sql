-- migrate:up
-- Fencing tokens for M1 redlock, whose locks can expire. Each statement that changes what a lock holder
-- may have read increments the token, and an update with an older token has no effect.
alter table deals add column fence_token bigint not null default 0;
alter table products add column fence_token bigint not null default 0;

-- migrate:down
alter table products drop column fence_token;
alter table deals drop column fence_token;
