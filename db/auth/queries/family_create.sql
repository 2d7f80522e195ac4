-- name: FamilyCreate :exec
insert into refresh_families (id, user_id)
values (@id, @user_id);
