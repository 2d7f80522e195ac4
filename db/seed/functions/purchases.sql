-- Every property of an order is a function of its number.

-- The share of all orders that precede it.
create function pg_temp.share_of(order_no bigint) returns float8 stable
return (order_no - 1) / pg_temp.order_count()::float8;

create function pg_temp.buyer_of(order_no bigint) returns bigint stable
return 1 + pg_temp.popular(pg_temp.user_count(), order_no, 300);

-- The newest orders have not been shipped or delivered.
create function pg_temp.status_of(order_no bigint) returns text stable
return case
  when pg_temp.draw(order_no, 301) < 0.05 then 'cancelled'
  when pg_temp.share_of(order_no) >= 0.99 then 'confirmed'
  when pg_temp.share_of(order_no) >= 0.97 then 'shipped'
  else 'delivered'
end;

-- Its last change (cancelled, shipped or delivered), within four days.
create function pg_temp.changed_of(order_no bigint) returns timestamptz stable
return pg_temp.moment(pg_temp.share_of(order_no))
  + case pg_temp.status_of(order_no)
    when 'confirmed' then interval '0'
    else pg_temp.draw(order_no, 314) * interval '4 days'
  end;

-- One line in most orders, four at most.
create function pg_temp.line_count_of(order_no bigint) returns integer stable
return case
  when pg_temp.draw(order_no, 302) < 0.6 then 1
  when pg_temp.draw(order_no, 302) < 0.85 then 2
  when pg_temp.draw(order_no, 302) < 0.95 then 3
  else 4
end;

-- One line in five has a deal that was open then.
create function pg_temp.deal_of_line(order_no bigint, line_no integer) returns bigint stable
return case when pg_temp.draw(order_no * 4 + line_no, 400) < 0.2 then
  greatest(1, 1 + floor(pg_temp.share_of(order_no) * pg_temp.begun_deals())::bigint
    - pg_temp.whole(pg_temp.open_deals(), order_no * 4 + line_no, 401))
end;

-- Of the existing products, the oldest sell best.
create function pg_temp.product_of_line(order_no bigint, line_no integer) returns bigint stable
return 1 + pg_temp.popular(
  pg_temp.share_of(order_no) * pg_temp.product_count(), order_no * 4 + line_no, 402
);

-- Each `offset 0` prevents inlining, so that the random values below it are computed once.
create function pg_temp.lines(first_order bigint, last_order bigint) returns table (
  order_no bigint,
  line_no integer,
  product_no bigint,
  deal_no bigint,
  quantity integer
) language sql stable
begin atomic
  select
    order_no,
    line_no,
    case
      when deal_no is null then pg_temp.product_of_line(order_no, line_no)
      else pg_temp.product_of_deal(deal_no)
    end,
    deal_no,
    1 + pg_temp.popular(4, order_no * 4 + line_no, 403)::integer
  from (
    select order_no, line_no, pg_temp.deal_of_line(order_no, line_no) as deal_no
    from generate_series(first_order, last_order) as order_no
    cross join lateral generate_series(1, pg_temp.line_count_of(order_no)) as line_no
    offset 0
  ) as drawn
  offset 0;
end;

create function pg_temp.unit_price_of(product_no bigint, deal_no bigint) returns bigint stable
return case
  when deal_no is null then pg_temp.price_of(product_no)
  else pg_temp.deal_price_of(deal_no)
end;

create function pg_temp.address_of(order_no bigint) returns jsonb stable
return case when pg_temp.draw(order_no, 303) < 0.8 then jsonb_build_object(
  'recipient_name', pg_temp.person_of(order_no, 311),
  'phone', '010-' || 1000 + pg_temp.whole(9000, order_no, 304) || '-'
    || 1000 + pg_temp.whole(9000, order_no, 305),
  'address', 1 + pg_temp.whole(400, order_no, 306) || ' '
    || pg_temp.pick(pg_temp.streets(), order_no, 307),
  'address_detail', case when pg_temp.draw(order_no, 308) < 0.6 then
    'Room ' || 101 + pg_temp.whole(1800, order_no, 309) end,
  'postal_code', lpad(pg_temp.whole(63700, order_no, 310)::text, 5, '0')
) end;
