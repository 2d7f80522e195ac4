-- Every property of a product is a function of its number, so order and product store the same values,
-- although neither reads the other's tables.

create function pg_temp.department_of(product_no bigint) returns integer stable
return 1 + pg_temp.popular(24, product_no, 1)::integer;

-- About 980 categories: the largest has an eighth of all products, the smallest one in ten thousand.
create function pg_temp.category_of(product_no bigint) returns text stable
return case
  when pg_temp.draw(product_no, 2) < 0.6 then (pg_temp.departments())[pg_temp.department_of(product_no)]
  when pg_temp.draw(product_no, 2) < 0.99 then
    (pg_temp.departments())[pg_temp.department_of(product_no)] || ', '
    || (pg_temp.niches())[1 + pg_temp.popular(40, product_no, 3)]
end;

create function pg_temp.thing_of(product_no bigint) returns text stable
return (pg_temp.things())[pg_temp.department_of(product_no)][1 + pg_temp.whole(6, product_no, 4)];

create function pg_temp.maker_of(product_no bigint) returns text stable
return initcap(
  (pg_temp.syllables())[1 + pg_temp.popular(32, product_no, 5)]
  || pg_temp.pick(pg_temp.endings(), product_no, 6)
);

create function pg_temp.model_of(product_no bigint) returns text stable
return chr(65 + pg_temp.whole(26, product_no, 7)::integer)
  || chr(65 + pg_temp.whole(26, product_no, 8)::integer) || '-' || 100 + pg_temp.whole(9900, product_no, 9);

create function pg_temp.name_of(product_no bigint) returns text stable
return pg_temp.maker_of(product_no) || ' ' || pg_temp.thing_of(product_no)
  || ' ' || pg_temp.pick(pg_temp.editions(), product_no, 10)
  || case when pg_temp.draw(product_no, 11) < 0.6 then ' ' || pg_temp.model_of(product_no) else '' end;

-- Low prices are more frequent than high ones.
create function pg_temp.price_of(product_no bigint) returns bigint stable
return pg_temp.rounded(
  (pg_temp.floor_prices())[pg_temp.department_of(product_no)] * 40 ^ (pg_temp.draw(product_no, 12) ^ 1.5)
);

create function pg_temp.sentence(product_no bigint, slot integer) returns text stable
return case pg_temp.whole(12, product_no, slot)
  when 0 then 'Made of ' || pg_temp.pick(pg_temp.materials(), product_no, slot + 1) || ', with '
    || pg_temp.pick(pg_temp.qualities(), product_no, slot + 2) || ' '
    || pg_temp.pick(pg_temp.parts(), product_no, slot + 3) || '.'
  when 1 then 'Your ' || pg_temp.pick(pg_temp.qualities(), product_no, slot + 1) || ' companion for '
    || pg_temp.pick(pg_temp.places(), product_no, slot + 2) || '.'
  when 2 then 'In ' || pg_temp.pick(pg_temp.colors(), product_no, slot + 1) || ' or '
    || pg_temp.pick(pg_temp.colors(), product_no, slot + 2) || ', '
    || 10 + pg_temp.whole(190, product_no, slot + 3) || ' cm long.'
  when 3 then 'It weighs ' || 5 * (10 + pg_temp.whole(790, product_no, slot + 1)) || ' g and has '
    || pg_temp.pick(pg_temp.qualities(), product_no, slot + 2) || ' '
    || pg_temp.pick(pg_temp.parts(), product_no, slot + 3) || '.'
  when 4 then initcap(pg_temp.pick(pg_temp.qualities(), product_no, slot + 1)) || ', '
    || pg_temp.pick(pg_temp.qualities(), product_no, slot + 2) || ' and made for '
    || pg_temp.pick(pg_temp.places(), product_no, slot + 3) || '.'
  when 5 then 'The ' || pg_temp.pick(pg_temp.materials(), product_no, slot + 1) || ' is '
    || pg_temp.pick(pg_temp.qualities(), product_no, slot + 2) || ', the '
    || pg_temp.pick(pg_temp.parts(), product_no, slot + 3) || ' are '
    || pg_temp.pick(pg_temp.qualities(), product_no, slot + 4) || '.'
  when 6 then pg_temp.pick(pg_temp.cares(), product_no, slot + 1)
  when 7 then 'Tested ' || 1000 * (1 + pg_temp.whole(200, product_no, slot + 1)) || ' times in '
    || 2004 + pg_temp.whole(22, product_no, slot + 2) || ', and no less '
    || pg_temp.pick(pg_temp.qualities(), product_no, slot + 3) || ' since.'
  when 8 then 'It ' || pg_temp.pick(pg_temp.actions(), product_no, slot + 1) || ' in '
    || 2 + pg_temp.whole(57, product_no, slot + 2) || ' seconds, even for '
    || pg_temp.pick(pg_temp.places(), product_no, slot + 3) || '.'
  when 9 then 'Buyers praise the ' || pg_temp.pick(pg_temp.virtues(), product_no, slot + 1) || ', the '
    || pg_temp.pick(pg_temp.virtues(), product_no, slot + 2) || ' and the '
    || pg_temp.pick(pg_temp.parts(), product_no, slot + 3) || '.'
  when 10 then 'Has outlived ' || 2 + pg_temp.whole(60, product_no, slot + 1) || ' '
    || pg_temp.pick(pg_temp.trials(), product_no, slot + 2) || ' and is ready for '
    || pg_temp.pick(pg_temp.places(), product_no, slot + 3) || '.'
  else 'Replaceable ' || pg_temp.pick(pg_temp.parts(), product_no, slot + 1) || ', '
    || pg_temp.pick(pg_temp.colors(), product_no, slot + 2) || ' '
    || pg_temp.pick(pg_temp.parts(), product_no, slot + 3) || ', '
    || pg_temp.pick(pg_temp.materials(), product_no, slot + 4) || ' inside.'
end;

-- Two to six sentences, or null: some owners write no description.
create function pg_temp.description_of(product_no bigint) returns text stable
return case when pg_temp.draw(product_no, 13) >= 0.03 then
  pg_temp.sentence(product_no, 20) || ' ' || pg_temp.sentence(product_no, 30)
  || case when pg_temp.draw(product_no, 13) >= 0.2 then ' ' || pg_temp.sentence(product_no, 40) else '' end
  || case when pg_temp.draw(product_no, 13) >= 0.4 then ' ' || pg_temp.sentence(product_no, 50) else '' end
  || case when pg_temp.draw(product_no, 13) >= 0.6 then ' ' || pg_temp.sentence(product_no, 60) else '' end
  || case when pg_temp.draw(product_no, 13) >= 0.8 then ' ' || pg_temp.sentence(product_no, 70) else '' end
end;
