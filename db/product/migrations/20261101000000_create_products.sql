-- migrate:up
create table products (
  id uuid primary key,
  owner_id uuid not null,
  name text not null,
  description text,
  price bigint not null check (price >= 0),
  -- A bigint, because returned units may raise it above the maximum that an owner can set.
  stock bigint not null check (stock >= 0),
  -- The units that the owner supplied, without those that are allocated to deals. At any time
  -- supplied = stock + held + confirmed; the invariant checker compares it with the lines.
  supplied bigint not null,
  category text,
  image_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table deals (
  id uuid primary key,
  product_id uuid not null references products (id),
  deal_price bigint not null check (deal_price >= 0),
  -- Allocated = remaining + held + confirmed + moved back, at any time.
  deal_stock integer not null check (deal_stock >= 1),
  remaining_stock integer not null check (remaining_stock between 0 and deal_stock),
  moved_back integer not null default 0 check (moved_back between 0 and deal_stock),
  per_user_limit integer check (per_user_limit >= 1),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  check (starts_at < ends_at)
);

-- For the closing of ended deals, every second.
create index deals_open_ends_at_idx on deals (ends_at) where closed_at is null;

-- migrate:down
drop table deals;
drop table products;
