import { randomUUID } from 'node:crypto'
import type { Scenarios } from '@flash-deal/config'
import type { OrderOperations } from '@flash-deal/contracts'
import { product } from '@flash-deal/product'
import {
  asService,
  asUser,
  type BuildOptions,
  buildApp,
  type FreshDatabase,
  freshDatabase,
  type Test,
} from '@flash-deal/testing'
import { brokenInvariants as brokenIn } from '@flash-deal/testing/invariants'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import fp from 'fastify-plugin'
import postgres, { type Sql } from 'postgres'
import { order } from '../src/app.ts'
import { Forwarder } from './forwarder.ts'

/** Order and product on one database, connected by forwarders that can inject faults. */

export type Order = OrderOperations['getOrder']['responses'][200]['content']['application/json']
export type OrderPage =
  OrderOperations['listMyOrders']['responses'][200]['content']['application/json']
export type NewOrder = OrderOperations['createOrder']['requestBody']['content']['application/json']

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
export const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

type ServiceSettings = Record<string, string>

export type Shop = {
  order: FastifyInstance
  product: FastifyInstance
  /** The calls from order to product, and from product to order. */
  toProduct: Forwarder
  toOrder: Forwarder
  database: FreshDatabase
  /** A connection with access to all schemas. */
  sql: Sql
  /** The variants of all instances. */
  scenarios: Partial<Scenarios>
}

/** Settings by service, as in the environment, and variants of both. */
export type ShopOptions = {
  order?: ServiceSettings
  product?: ServiceSettings
  scenarios?: Partial<Scenarios>
}

export const openShop = async (t: Test, options: ShopOptions = {}): Promise<Shop> => {
  const database = await freshDatabase()
  t.teardown(() => database.drop())
  const sql = postgres(database.adminUrl, { max: 4, onnotice: () => {} })
  t.teardown(() => sql.end({ timeout: 1 }))
  const [toProduct, toOrder] = await Promise.all([Forwarder.listen(), Forwarder.listen()])
  t.teardown(() => Promise.all([toProduct.close(), toOrder.close()]))
  const { scenarios = {} } = options
  const between = { toProduct, toOrder, database, sql, scenarios }
  const apps = {
    product: await productBeside(t, between, options.product),
    order: await orderBeside(t, between, options.order),
  }
  toProduct.target = await apps.product.listen({ port: 0, host: '127.0.0.1' })
  toOrder.target = await apps.order.listen({ port: 0, host: '127.0.0.1' })
  return { ...between, ...apps }
}

type Between = Omit<Shop, 'order' | 'product'>

/** Starts an instance of order. */
type StartOrder = (t: Test, options: BuildOptions) => Promise<FastifyInstance>

/** Without encapsulation, so that a test can start a round of the relay. */
const inNode: StartOrder = (t, options) => buildApp(t, 'order', fp(order), options)

let startOrder = inNode

/** Replaces the implementation of order for all tests of this process. */
export const useOrder = (start: StartOrder): void => {
  startOrder = start
}

/** Starts another instance of order on the same database. */
export const orderBeside = (
  t: Test,
  { database, toProduct, scenarios }: Between,
  settings: ServiceSettings = {},
  own: Partial<Scenarios> = {},
): Promise<FastifyInstance> =>
  startOrder(t, {
    database,
    settings: { PRODUCT_URLS: toProduct.url, ...settings },
    scenarios: { ...scenarios, ...own },
  })

/** Starts another instance of product on the same database. */
export const productBeside = (
  t: Test,
  { database, toOrder, scenarios }: Between,
  settings: ServiceSettings = {},
): Promise<FastifyInstance> =>
  buildApp(t, 'product', fp(product), {
    database,
    settings: { ORDER_URLS: toOrder.url, ...settings },
    scenarios,
  })

const created = async <Body>(
  app: FastifyInstance,
  url: string,
  payload: object,
  owner: string,
): Promise<Body> => {
  const answer = await app.inject({ method: 'POST', url, payload, headers: asUser(owner) })
  if (answer.statusCode !== 201) throw new Error(`${url} answered ${answer.body}`)
  return answer.json<Body>()
}

const owner = randomUUID()

/** Creates a product for a test; returns its id. */
export const offerProduct = async (
  { product }: Pick<Shop, 'product'>,
  given: { name?: string; price?: number; stock?: number } = {},
): Promise<string> => {
  const body = { name: 'Headphones', price: 1_000, stock: 10, ...given }
  return (await created<{ id: string }>(product, '/products', body, owner)).id
}

/** A line with one unit of a new deal. */
export type DealLine = { product_id: string; deal_id: string; quantity: number }

/** Creates a deal for a test, open by default, with all the stock of its product. */
export const offerDeal = async (
  shop: Pick<Shop, 'product'>,
  given: {
    deal_price?: number
    deal_stock?: number
    per_user_limit?: number
    starts_at?: string
    ends_at?: string
  } = {},
): Promise<DealLine> => {
  const { deal_stock = 10 } = given
  const product_id = await offerProduct(shop, { stock: deal_stock })
  const hour = 3_600_000
  const starts_at = new Date(Date.now() - hour).toISOString()
  const ends_at = new Date(Date.now() + hour).toISOString()
  const body = { product_id, deal_price: 700, deal_stock, starts_at, ends_at, ...given }
  const { id } = await created<{ id: string }>(shop.product, '/products/deals', body, owner)
  return { product_id, deal_id: id, quantity: 1 }
}

/** Adds units to the stock of a product; a negative number removes them. */
export const restock = async (
  { product }: Pick<Shop, 'product'>,
  productId: string,
  delta: number,
): Promise<void> => {
  const url = `/products/${productId}/stock`
  await product.inject({ method: 'PATCH', url, payload: { delta }, headers: asUser(owner) })
}

export const stockOf = async ({ product }: Shop, productId: string): Promise<number> => {
  const answer = await product.inject({ url: `/products/${productId}/stock` })
  return answer.json<{ stock: number }>().stock
}

export const remainingOf = async ({ product }: Shop, dealId: string): Promise<number> => {
  const answer = await product.inject({ url: `/products/deals/${dealId}` })
  return answer.json<{ remaining_stock: number }>().remaining_stock
}

/** createOrder as a user, with a key or without. */
export const buy = (
  app: FastifyInstance,
  userId: string,
  payload: object,
  key?: string,
): Promise<LightMyRequestResponse> => {
  const headers = { ...asUser(userId), ...(key !== undefined && { 'idempotency-key': key }) }
  return app.inject({ method: 'POST', url: '/orders', payload, headers })
}

/** One line that buys some units of a product. */
export const units = (product_id: string, quantity = 1): NewOrder => ({
  items: [{ product_id, quantity }],
})

/** Places an order. */
export const bought = async (
  shop: Pick<Shop, 'order'>,
  userId: string,
  payload: object,
): Promise<Order> => {
  const answer = await buy(shop.order, userId, payload)
  if (answer.statusCode !== 201) throw new Error(`createOrder answered ${answer.body}`)
  return answer.json<Order>()
}

export const read = (
  app: FastifyInstance,
  userId: string,
  orderId: string,
): Promise<LightMyRequestResponse> =>
  app.inject({ url: `/orders/${orderId}`, headers: asUser(userId) })

export const cancel = (
  app: FastifyInstance,
  userId: string,
  orderId: string,
  payload?: object,
): Promise<LightMyRequestResponse> =>
  app.inject({
    method: 'POST',
    url: `/orders/${orderId}/cancel`,
    headers: asUser(userId),
    ...(payload && { payload }),
  })

/** A call with the internal key. */
export const callAsService = (
  app: FastifyInstance,
  url: string,
  payload?: object,
): Promise<LightMyRequestResponse> =>
  app.inject({ method: 'POST', url, headers: asService(), ...(payload && { payload }) })

export const reserve = (
  app: FastifyInstance,
  orderId: string,
  productId: string,
): Promise<LightMyRequestResponse> => {
  const lines = [{ product_id: productId, deal_id: null, quantity: 1 }]
  const reservation = { order_id: orderId, user_id: randomUUID(), lines }
  return callAsService(app, '/internal/reservations', { reservations: [reservation] })
}

/** The state of the reservation of an order id, or undefined. */
export const reservationOf = async (
  { sql }: Shop,
  orderId: string,
): Promise<string | undefined> => {
  const rows = await sql<{ state: string }[]>`
    select state from product.reservations where order_id = ${orderId}`
  return rows[0]?.state
}

/** The status of the row of an order id, including void, or undefined. */
export const statusOf = async ({ sql }: Shop, orderId: string): Promise<string | undefined> => {
  const rows = await sql<{ status: string }[]>`
    select status from orders.orders where id = ${orderId}`
  return rows[0]?.status
}

/** The order ids of the calls that reserve stock, in the order of the calls. */
export const reservedIds = ({ toProduct }: Shop): string[] =>
  toProduct.calls('reservations').map(({ body }) => {
    const { reservations } = JSON.parse(body) as { reservations: { order_id: string }[] }
    return String(reservations[0]?.order_id)
  })

/** The order id of the last of these calls. */
export const lastReservedId = (shop: Shop): string => String(reservedIds(shop).at(-1))

/** Settles all open work now, as the relay and the sweep do later. */
export const settle = async ({ order, product, sql, toProduct, toOrder }: Shop): Promise<void> => {
  toProduct.heal()
  toOrder.heal()
  await sql`update orders.outbox set next_attempt_at = now()`
  await order.relayOutbox()
  await sql`update product.reservations set expires_at = now() where state = 'held'`
  await product.sweep()
}

/** On a busy machine a sweep may be late by many intervals. */
const patience = { graceMs: 30_000 }

/** The violated invariants, at rest by default. */
export const brokenInvariants = (
  { database }: Pick<Shop, 'database'>,
  { atRest }: { atRest: boolean } = { atRest: true },
): Promise<string[]> => {
  const { PRODUCT_DATABASE_URL: productUrl, ORDER_DATABASE_URL: orderUrl } = database.urls
  return brokenIn({ productUrl, orderUrl, atRest, ...(!atRest && { patience }) })
}
