-- name: DealCreate :exec
insert into deals (
  id, product_id, deal_price, deal_stock, remaining_stock, per_user_limit, starts_at, ends_at
)
values (
  @id, @product_id, @deal_price, @deal_stock::int, @deal_stock::int, sqlc.narg(per_user_limit), @starts_at, @ends_at
);
