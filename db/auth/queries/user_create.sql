-- No row: the email is taken.
-- name: UserCreate :one
insert into users (id, email, password_hash, name)
values (@id, @email, @password_hash, @name)
on conflict do nothing
returning id, email, name, created_at;
