-- name: ProductListFenceTokens :many
select id, fence_token
from products
where id = any(@ids::uuid[]);
