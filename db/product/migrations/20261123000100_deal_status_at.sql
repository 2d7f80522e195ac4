-- migrate:up
-- The status of a deal at a time: now, or the future time for which E3 reads a page ahead.
create function deal_status_at(
  closed_at timestamptz, starts_at timestamptz, ends_at timestamptz, remaining_stock integer, at timestamptz
) returns deal_status
language sql immutable parallel safe
return case
  when closed_at is not null or ends_at <= at then 'ended'::deal_status
  when starts_at > at then 'scheduled'::deal_status
  when remaining_stock = 0 then 'sold_out'::deal_status
  else 'active'::deal_status
end;

-- A deal with the public fields of its product. The caller passes the time of the status.
drop view deal_cards;
create view deal_cards as
select
  deals.id,
  deals.product_id,
  deals.deal_price,
  products.price as original_price,
  deals.deal_stock,
  deals.remaining_stock,
  deals.per_user_limit,
  deals.starts_at,
  deals.ends_at,
  deals.closed_at,
  deals.created_at,
  products.name as product_name,
  products.description as product_description,
  products.category as product_category,
  products.image_url as product_image_url
from deals
join products on products.id = deals.product_id;

-- migrate:down
drop view deal_cards;
drop function deal_status_at;
create view deal_cards as
select
  deals.id,
  deals.product_id,
  deals.deal_price,
  products.price as original_price,
  deals.deal_stock,
  deals.remaining_stock,
  deals.per_user_limit,
  deals.starts_at,
  deals.ends_at,
  (case
    when deals.closed_at is not null or deals.ends_at <= now() then 'ended'
    when deals.starts_at > now() then 'scheduled'
    when deals.remaining_stock = 0 then 'sold_out'
    else 'active'
  end)::deal_status as status,
  deals.created_at,
  products.name as product_name,
  products.description as product_description,
  products.category as product_category,
  products.image_url as product_image_url
from deals
join products on products.id = deals.product_id;
