-- migrate:up
-- For retention: the oldest tokens first, and whether a family has any token left.
create index refresh_tokens_expires_at_idx on refresh_tokens (expires_at);
create index refresh_tokens_family_id_idx on refresh_tokens (family_id);

-- migrate:down
drop index refresh_tokens_family_id_idx;
drop index refresh_tokens_expires_at_idx;
