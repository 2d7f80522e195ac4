-- name: UserGet :one
select id, email, name, created_at
from users
where id = @id;
