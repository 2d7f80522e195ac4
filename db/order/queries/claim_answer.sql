-- name: ClaimAnswer :exec
update claims
set answer = @answer
where user_id = @user_id and key = @key and order_id = @order_id;
