-- migrate:up
create type deal_status as enum ('scheduled', 'active', 'sold_out', 'ended');

-- A deal as clients see it. The database's clock decides when it opens and ends.
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

-- migrate:down
drop view deal_cards;
drop type deal_status;
