-- A random value depends only on the seed, the row and the slot, so the same seed makes the same data,
-- in any order of the statements. Slots below 200 are for products, from 200 for deals, from 300 for
-- orders, from 400 for their lines, from 500 for users.

-- A number from 0 (inclusive) to 1 (exclusive).
create function pg_temp.draw(row_no bigint, slot integer) returns float8 stable
return (hashint8extended(row_no * 1024 + slot, pg_temp.seed()) & 4294967295) / 4294967296::float8;

-- An integer from 0 (inclusive) to the bound (exclusive).
create function pg_temp.whole(bound bigint, row_no bigint, slot integer) returns bigint stable
return floor(bound * pg_temp.draw(row_no, slot))::bigint;

-- Small numbers are far more frequent than large ones, like the sales of popular products.
create function pg_temp.popular(bound float8, row_no bigint, slot integer) returns bigint stable
return floor(bound * pg_temp.draw(row_no, slot) ^ 2)::bigint;

create function pg_temp.pick(words text[], row_no bigint, slot integer) returns text stable
return words[1 + pg_temp.whole(cardinality(words), row_no, slot)];

-- A UUID version 4, as the services create them.
create function pg_temp.id_of(kind text, row_no bigint) returns uuid stable
return overlay(overlay(
  md5(pg_temp.seed() || ' ' || kind || ' ' || row_no) placing '4' from 13
) placing '8' from 17)::uuid;

-- The time in the two years before November 2026 by which this share of all events had happened. The
-- rate increases over time, as in a growing shop.
create function pg_temp.moment(share float8) returns timestamptz stable
return to_timestamp(1730419200 + 63072000 * sqrt(share));

-- Rounded like typical prices.
create function pg_temp.rounded(amount float8) returns bigint stable
return (round(amount / 100) * 100)::bigint;
