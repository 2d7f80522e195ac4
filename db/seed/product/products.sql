-- A tenth of the users own products. Few products have much stock, some have none.
insert into product.products (
  id, owner_id, name, description, price, stock, supplied, category, image_url, created_at, updated_at
)
select
  pg_temp.id_of('product', product_no),
  pg_temp.id_of('user', 1 + pg_temp.popular(ceil(pg_temp.user_count() / 10.0)::float8, product_no, 14)),
  pg_temp.name_of(product_no),
  pg_temp.description_of(product_no),
  pg_temp.price_of(product_no),
  floor(500 * pg_temp.draw(product_no, 15) ^ 3),
  floor(500 * pg_temp.draw(product_no, 15) ^ 3) + coalesce(taken.units, 0),
  pg_temp.category_of(product_no),
  case when pg_temp.draw(product_no, 16) < 0.8 then
    'https://images.example.com/' || pg_temp.id_of('image', product_no) || '.jpg'
  end,
  pg_temp.moment(product_no / pg_temp.product_count()::float8),
  pg_temp.moment(product_no / pg_temp.product_count()::float8)
from generate_series($1::bigint, $2::bigint) as product_no
left join taken using (product_no)
order by product_no
