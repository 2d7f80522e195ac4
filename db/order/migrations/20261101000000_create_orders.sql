-- migrate:up
create type order_status as enum (
  'pending', 'confirmed', 'shipped', 'delivered', 'cancelled', 'rejected', 'void'
);

create type outbox_kind as enum ('confirmed', 'released');

-- The primary key decides: an id becomes an order or void, never both. A void row has only its id and
-- state. The API never returns it.
create table orders (
  id uuid primary key,
  user_id uuid,
  status order_status not null,
  total_amount bigint,
  shipping_address jsonb,
  cancelled_at timestamptz,
  cancel_reason text,
  reject_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (status = 'void' or (user_id is not null and total_amount is not null))
);

create table order_items (
  order_id uuid not null references orders (id),
  line_no integer not null,
  id uuid not null,
  product_id uuid not null,
  deal_id uuid,
  product_name text not null,
  quantity integer not null check (quantity >= 1),
  unit_price bigint not null check (unit_price >= 0),
  primary key (order_id, line_no)
);

-- One row for each user and Idempotency-Key: its order id, the end of the lease of the current attempt,
-- and the response, once there is one.
create table claims (
  user_id uuid not null,
  key text not null,
  body_digest bytea not null,
  order_id uuid not null,
  lease_until timestamptz not null,
  -- The body of the first 2xx response, byte for byte.
  answer text,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);

-- Events that product has not acknowledged yet.
create table outbox (
  id bigint generated always as identity primary key,
  order_id uuid not null,
  kind outbox_kind not null,
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now()
);

-- migrate:down
drop table outbox;
drop table claims;
drop table order_items;
drop table orders;
drop type outbox_kind;
drop type order_status;
