-- migrate:up
create type reservation_state as enum ('held', 'confirmed', 'released');

-- One row for each order id that was reserved or released.
create table reservations (
  order_id uuid primary key,
  -- Null if the release came before the reservation.
  user_id uuid,
  state reservation_state not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- For the sweep.
create index reservations_held_expires_at_idx on reservations (expires_at) where state = 'held';

-- The granted lines with their names and prices, so that the first result can be returned again.
create table reservation_lines (
  order_id uuid not null references reservations (order_id),
  line_no integer not null,
  product_id uuid not null,
  deal_id uuid,
  quantity integer not null check (quantity >= 1),
  product_name text not null,
  unit_price bigint not null check (unit_price >= 0),
  primary key (order_id, line_no)
);

-- A buyer's units of a deal, held and confirmed, for the limit per user.
create table deal_buyers (
  deal_id uuid not null references deals (id),
  user_id uuid not null,
  units integer not null check (units >= 0),
  primary key (deal_id, user_id)
);

-- migrate:down
drop table deal_buyers;
drop table reservation_lines;
drop table reservations;
drop type reservation_state;
