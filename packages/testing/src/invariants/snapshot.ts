import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres, { type ISql, type Sql } from 'postgres'

/** The data of both services, each read through its own role in one snapshot. */

export type OrderStatus =
  | 'pending'
  | 'confirmed'
  | 'shipped'
  | 'delivered'
  | 'cancelled'
  | 'rejected'
  | 'void'

export type ProductRow = { id: string; stock: number; supplied: number }
export type DealRow = {
  id: string
  deal_stock: number
  remaining_stock: number
  moved_back: number
  per_user_limit: number | null
}
export type BuyerRow = { deal_id: string; user_id: string; units: number }
export type ReservationRow = {
  order_id: string
  user_id: string | null
  state: 'held' | 'confirmed' | 'released'
  overdue_ms: number
}
export type LineRow = {
  order_id: string
  line_no: number
  product_id: string
  deal_id: string | null
  quantity: number
  product_name: string
  unit_price: number
}
export type OrderRow = {
  id: string
  user_id: string | null
  status: OrderStatus
  total_amount: number | null
  /** Milliseconds since 1970, by the database's clock; here and below. */
  created_ms: number
}
export type ItemRow = LineRow & { id: string }
export type ClaimRow = {
  user_id: string
  key: string
  order_id: string
  answer: string | null
  created_ms: number
}
export type OutboxRow = {
  id: number
  order_id: string
  kind: 'confirmed' | 'released'
  attempts: number
}

export type ProductTables = {
  products: ProductRow[]
  deals: DealRow[]
  buyers: BuyerRow[]
  reservations: ReservationRow[]
  lines: LineRow[]
}

export type OrderTables = {
  orders: OrderRow[]
  items: ItemRow[]
  claims: ClaimRow[]
  outbox: OutboxRow[]
}

export type Snapshot = {
  order: OrderTables
  product: ProductTables
  /** The state of each order, read after product. */
  after: ReadonlyMap<string, OrderStatus>
}

export type Addresses = {
  /** PostgreSQL as the roles of product and of order. */
  productUrl: string
  orderUrl: string
}

/**
 * The two services cannot be read in one snapshot. Order is read before and after product, and only
 * orders that did not change in between are compared.
 */
export const readSnapshot = async ({ productUrl, orderUrl }: Addresses): Promise<Snapshot> => {
  const [productSql, orderSql] = [connect(productUrl), connect(orderUrl)]
  try {
    const order = await atOneMoment(orderSql, orderTables)
    const product = await atOneMoment(productSql, productTables)
    const states = await rowsOf<OrderRow>(orderSql, 'order-states')
    return { order, product, after: new Map(states.map(({ id, status }) => [id, status])) }
  } finally {
    await Promise.all([productSql.end({ timeout: 1 }), orderSql.end({ timeout: 1 })])
  }
}

const int8 = { to: 20, from: [20], serialize: String, parse: Number }

const connect = (url: string): Sql =>
  postgres(url, {
    max: 1,
    connect_timeout: 5,
    onnotice: () => {},
    fetch_types: false,
    types: { int8 },
    connection: { application_name: 'invariants' },
  }) as Sql

const atOneMoment = async <Tables>(
  sql: Sql,
  read: (sql: ISql) => Promise<Tables>,
): Promise<Tables> => {
  let tables: Tables | undefined
  await sql.begin('isolation level repeatable read read only', async (transaction) => {
    tables = await read(transaction)
  })
  return tables as Tables
}

const productTables = async (sql: ISql): Promise<ProductTables> => ({
  products: await rowsOf(sql, 'products'),
  deals: await rowsOf(sql, 'deals'),
  buyers: await rowsOf(sql, 'buyers'),
  reservations: await rowsOf(sql, 'reservations'),
  lines: await rowsOf(sql, 'reservation-lines'),
})

const orderTables = async (sql: ISql): Promise<OrderTables> => ({
  orders: await rowsOf(sql, 'orders'),
  items: await rowsOf(sql, 'order-items'),
  claims: await rowsOf(sql, 'claims'),
  outbox: await rowsOf(sql, 'outbox'),
})

/** Runs the statement in the file of this name. Its columns match the row type. */
const rowsOf = async <Row extends object>(sql: ISql, name: string): Promise<Row[]> => {
  const text = readFileSync(join(import.meta.dirname, `${name}.sql`), 'utf8')
  return [...(await sql.unsafe<Row[]>(text))]
}
