-- migrate:up
-- Random, from the first use of a token. With the token itself, of which only the digest is kept, it
-- gives the successor again for as long as the time of grace lasts; without the token it is of no use.
alter table refresh_tokens add column successor_salt bytea;

-- migrate:down
alter table refresh_tokens drop column successor_salt;
