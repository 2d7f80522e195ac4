-- Only the first use sets the time of use and the salt of the successor.
-- name: TokenUse :one
update refresh_tokens
set used_at = coalesce(used_at, clock_timestamp()), successor_salt = coalesce(successor_salt, @salt::bytea)
where digest = @digest
returning successor_salt::bytea as salt;
