-- migrate:up
create table users (
  id uuid primary key,
  email text not null,
  password_hash text not null,
  name text not null,
  created_at timestamptz not null default now()
);

-- Emails are compared without case.
create unique index users_email_key on users (lower(email));

-- A family is one log-in, with all its refresh tokens. Each token is used once.
create table refresh_families (
  id uuid primary key,
  user_id uuid not null references users (id),
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

-- Only digests are stored, so the content of this table is not enough to log in.
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
