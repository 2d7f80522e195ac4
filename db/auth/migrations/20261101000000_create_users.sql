-- migrate:up
create table users (
  id uuid primary key,
  email text not null,
  password_hash text not null,
  name text not null,
  created_at timestamptz not null default now()
);

-- An address is one account however it is written.
create unique index users_email_key on users (lower(email));

-- A family is one log-in: all the refresh tokens that came from it, each used once.
create table refresh_families (
  id uuid primary key,
  user_id uuid not null references users (id),
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

-- Only digests are kept: who reads this table cannot log in with it.
create table refresh_tokens (
  digest bytea primary key,
  family_id uuid not null references refresh_families (id),
  expires_at timestamptz not null,
  used_at timestamptz
);

-- migrate:down
drop table refresh_tokens;
drop table refresh_families;
drop table users;
