-- $1 and $2 are the numbers of the first and the last user, $3 is the hash of their password.
insert into auth.users (id, email, password_hash, name, created_at)
select
  pg_temp.id_of('user', user_no),
  'buyer-' || user_no || '@seed-' || pg_temp.seed() || '.example.com',
  $3::text,
  pg_temp.person_of(user_no, 500),
  pg_temp.moment(user_no / pg_temp.user_count()::float8)
from generate_series($1::bigint, $2::bigint) as user_no
