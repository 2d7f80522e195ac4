-- No row: it is not the user's order, or its state does not allow it.
-- name: OrderCancel :one
update orders
set status = 'cancelled', cancelled_at = now(), cancel_reason = sqlc.narg(reason), updated_at = now()
where id = @id and user_id = @user_id::uuid and status = 'confirmed'
returning
  id, user_id::uuid as user_id, total_amount::bigint as total_amount, status, shipping_address, cancelled_at,
  cancel_reason, reject_reason, created_at, updated_at;
