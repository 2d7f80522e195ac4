-- The first use counts: the time of grace does not begin anew.
-- name: TokenUse :exec
update refresh_tokens
set used_at = clock_timestamp()
where digest = @digest and used_at is null;
