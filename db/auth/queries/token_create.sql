-- A successor that is issued again exists already.
-- name: TokenCreate :exec
insert into refresh_tokens (digest, family_id, expires_at)
values (@digest, @family_id, now() + sqlc.arg(ttl_s)::int * interval '1 second')
on conflict (digest) do nothing;
