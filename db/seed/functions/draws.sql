-- What is drawn depends on the seed, the row and the slot alone, so the same seed makes the same
-- data, in any order of the statements. Slots below 200 are of products, from 200 on of deals, from
-- 300 on of orders, from 400 on of their lines, from 500 on of users.

-- From 0 up to, but not including, 1.
create function pg_temp.draw(row_no bigint, slot integer) returns float8 stable
return (hashint8extended(row_no * 1024 + slot, pg_temp.seed()) & 4294967295) / 4294967296::float8;

-- A whole number below the bound.
create function pg_temp.whole(bound bigint, row_no bigint, slot integer) returns bigint stable
return floor(bound * pg_temp.draw(row_no, slot))::bigint;

-- Small ones far more often than large ones, as what is popular is bought again and again.
create function pg_temp.popular(bound float8, row_no bigint, slot integer) returns bigint stable
return floor(bound * pg_temp.draw(row_no, slot) ^ 2)::bigint;

create function pg_temp.pick(words text[], row_no bigint, slot integer) returns text stable
return words[1 + pg_temp.whole(cardinality(words), row_no, slot)];

-- A UUID of version 4, as services make them.
create function pg_temp.id_of(kind text, row_no bigint) returns uuid stable
return overlay(overlay(
  md5(pg_temp.seed() || ' ' || kind || ' ' || row_no) placing '4' from 13
) placing '8' from 17)::uuid;

-- When in the two years before November 2026 this share of all had happened; later ones follow
-- closer on each other, as in a shop that grows.
create function pg_temp.moment(share float8) returns timestamptz stable
return to_timestamp(1730419200 + 63072000 * sqrt(share));

-- Rounded as prices are.
create function pg_temp.rounded(amount float8) returns bigint stable
return (round(amount / 100) * 100)::bigint;
