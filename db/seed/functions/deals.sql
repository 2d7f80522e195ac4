-- Deals start one after the other; at any time about one percent is open, and as many are scheduled.

create function pg_temp.deal_count() returns bigint stable
return greatest(3, pg_temp.product_count() / 100);

create function pg_temp.open_deals() returns bigint stable
return ceil(pg_temp.deal_count() / 100.0)::bigint;

-- The number of deals that have begun.
create function pg_temp.begun_deals() returns bigint stable
return pg_temp.deal_count() - pg_temp.open_deals();

create function pg_temp.is_over(deal_no bigint) returns boolean stable
return deal_no <= pg_temp.begun_deals() - pg_temp.open_deals();

-- A product that existed when the deal began.
create function pg_temp.product_of_deal(deal_no bigint) returns bigint stable
return 1 + pg_temp.whole(
  least(pg_temp.product_count(), pg_temp.product_count() * deal_no / pg_temp.begun_deals()), deal_no, 200
);

create function pg_temp.deal_price_of(deal_no bigint) returns bigint stable
return pg_temp.rounded(
  pg_temp.price_of(pg_temp.product_of_deal(deal_no)) * (0.3 + 0.5 * pg_temp.draw(deal_no, 201))
);

-- Scheduled deals begin in the year 2100, and open ones end then, so that their states do not depend on
-- the current date.
create function pg_temp.starts_of(deal_no bigint) returns timestamptz stable
return case
  when deal_no > pg_temp.begun_deals() then to_timestamp(4102444800 + 3600 * deal_no)
  else pg_temp.moment((deal_no - 1) / pg_temp.begun_deals()::float8)
end;

create function pg_temp.ends_of(deal_no bigint) returns timestamptz stable
return case
  when deal_no > pg_temp.begun_deals() then to_timestamp(4102444800 + 3600 * (deal_no + 24))
  when pg_temp.is_over(deal_no) then
    pg_temp.moment((deal_no - 1 + pg_temp.open_deals()) / pg_temp.begun_deals()::float8)
  else to_timestamp(4102444800)
end;
