-- name: DealListFenceTokens :many
select id, fence_token
from deals
where id = any(@ids::uuid[]);
