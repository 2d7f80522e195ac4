-- migrate:up
-- A random value, set by the first use of a token. The token and the salt together give the successor,
-- so a repeated use within the grace period gets the same one. The salt alone gives nothing.
alter table refresh_tokens add column successor_salt bytea;

-- migrate:down
alter table refresh_tokens drop column successor_salt;
