-- name: ClaimAnswerEach :exec
update claims
set answer = given.answer
from (
  select
    unnest(@user_ids::uuid[]) as user_id,
    unnest(@keys::text[]) as key,
    unnest(@order_ids::uuid[]) as order_id,
    unnest(@answers::text[]) as answer
) as given
where claims.user_id = given.user_id and claims.key = given.key and claims.order_id = given.order_id;
