import { randomUUID } from 'node:crypto'
import postgres, { type Sql } from 'postgres'
import type { Test } from 'tap'
import { type FreshDatabase, freshDatabase } from '../src/index.ts'

/** Writes the tables of both services by hand: correct data, and from there planted errors. */

export type Books = { sql: Sql; database: FreshDatabase }

/** Removes the constraints that would reject planted errors: a bug may be a missing constraint. */
export const openBooks = async (t: Test): Promise<Books> => {
  const database = await freshDatabase()
  t.teardown(() => database.drop())
  const sql = postgres(database.adminUrl, { max: 1, onnotice: () => {} })
  t.teardown(() => sql.end({ timeout: 1 }))
  await dropChecks(sql)
  await sql`alter table orders.claims drop constraint claims_pkey`
  await sql`alter table orders.order_items drop constraint order_items_order_id_fkey`
  await sql`alter table orders.orders drop constraint orders_pkey`
  return { sql, database }
}

const dropChecks = async (sql: Sql): Promise<void> => {
  const checks = await sql<{ relation: string; name: string }[]>`
    select conrelid::regclass::text as relation, conname as name
    from pg_constraint
    where contype = 'c' and connamespace = 'product'::regnamespace`
  for (const { relation, name } of checks) {
    await sql.unsafe(`alter table ${relation} drop constraint ${name}`)
  }
}

export const emptyBooks = ({ sql }: Books) => sql`
  truncate product.products, product.deals, product.reservations, product.reservation_lines,
    product.deal_buyers, orders.orders, orders.order_items, orders.claims, orders.outbox`

export const addProduct = async ({ sql }: Books, stock: number): Promise<string> => {
  const id = randomUUID()
  await sql`insert into product.products (id, owner_id, name, price, stock, supplied)
    values (${id}, ${randomUUID()}, 'Headphones', 1000, ${stock}, ${stock})`
  return id
}

export const addDeal = async (
  { sql }: Books,
  product: string,
  stock: number,
  limit: number | null = null,
): Promise<string> => {
  const id = randomUUID()
  await sql`insert into product.deals
    (id, product_id, deal_price, deal_stock, remaining_stock, per_user_limit, starts_at, ends_at)
    values (${id}, ${product}, 700, ${stock}, ${stock}, ${limit}, now(), now() + interval '1 hour')`
  return id
}

export type Purchase = {
  user: string
  product: string
  deal?: string
  units?: number
  /** The order's state; null for no order. */
  status?: string | null
  /** The reservation's state; null for no reservation. */
  state?: 'held' | 'confirmed' | null
  key?: string
}

/** An order as the services would have left it; returns its id. */
export const purchase = async (books: Books, wanted: Purchase): Promise<string> => {
  const id = randomUUID()
  const { status = 'confirmed', state = 'confirmed', key } = wanted
  if (state !== null) await reserve(books, id, wanted, state)
  if (status !== null) await placeOrder(books, id, wanted, status)
  if (key !== undefined) await claim(books, id, wanted, key)
  return id
}

const reserve = async ({ sql }: Books, id: string, wanted: Purchase, state: string) => {
  const { user, product, deal = null, units = 1 } = wanted
  await sql`insert into product.reservations (order_id, user_id, state, expires_at)
    values (${id}, ${user}, ${state}, now() + interval '1 minute')`
  await sql`insert into product.reservation_lines
    (order_id, line_no, product_id, deal_id, quantity, product_name, unit_price)
    values (${id}, 1, ${product}, ${deal}, ${units}, 'Headphones', 700)`
  if (deal === null) {
    await sql`update product.products set stock = stock - ${units} where id = ${product}`
    return
  }
  await sql`update product.deals set remaining_stock = remaining_stock - ${units} where id = ${deal}`
  await sql`insert into product.deal_buyers (deal_id, user_id, units)
    values (${deal}, ${user}, ${units})
    on conflict (deal_id, user_id) do update set units = deal_buyers.units + excluded.units`
}

const placeOrder = async ({ sql }: Books, id: string, wanted: Purchase, status: string) => {
  const { user, product, deal = null, units = 1 } = wanted
  await sql`insert into orders.orders (id, user_id, status, total_amount)
    values (${id}, ${user}, ${status}, ${units * 700})`
  await sql`insert into orders.order_items
    (order_id, line_no, id, product_id, deal_id, product_name, quantity, unit_price)
    values (${id}, 1, ${id}, ${product}, ${deal}, 'Headphones', ${units}, 700)`
}

const claim = ({ sql }: Books, id: string, wanted: Purchase, key: string) => sql`
  insert into orders.claims (user_id, key, body_digest, order_id, lease_until, answer)
  values (${wanted.user}, ${key}, '', ${id}, now(), ${JSON.stringify(answerOf(id, wanted))})`

/** The response of createOrder. */
export const answerOf = (id: string, wanted: Purchase) => {
  const { user, product, deal = null, units = 1 } = wanted
  const line = { id, product_id: product, deal_id: deal, quantity: units, unit_price: 700 }
  return { id, user_id: user, status: 'confirmed', total_amount: units * 700, items: [line] }
}

/** Cancels the order and returns its stock. */
export const takeBack = async ({ sql }: Books, id: string): Promise<void> => {
  await sql`update orders.orders set status = 'cancelled' where id = ${id}`
  await sql`update product.reservations set state = 'released' where order_id = ${id}`
  await giveBack({ sql }, id)
}

/** What a release does to the stock and the buyer's count; twice is once too often. */
export const giveBack = async ({ sql }: Pick<Books, 'sql'>, id: string): Promise<void> => {
  await sql`update product.deals set remaining_stock = remaining_stock + line.quantity
    from product.reservation_lines as line where line.order_id = ${id} and deals.id = line.deal_id`
  await sql`update product.deal_buyers set units = units - line.quantity
    from product.reservation_lines as line
    join product.reservations as reservation using (order_id)
    where line.order_id = ${id} and deal_buyers.deal_id = line.deal_id
      and deal_buyers.user_id = reservation.user_id`
}

/** An id that never became an order. */
export const addVoid = async ({ sql }: Books): Promise<string> => {
  const id = randomUUID()
  await sql`insert into orders.orders (id, status) values (${id}, 'void')`
  await sql`insert into product.reservations (order_id, state, expires_at)
    values (${id}, 'released', now())`
  return id
}

export const addEvent = ({ sql }: Books, id: string, kind: 'confirmed' | 'released') =>
  sql`insert into orders.outbox (order_id, kind) values (${id}, ${kind})`
