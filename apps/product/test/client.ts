import { randomUUID } from 'node:crypto'
import type { ProductOperations } from '@flash-deal/contracts'
import {
  asService,
  asUser,
  type BuildOptions,
  buildApp,
  type FreshDatabase,
  freshDatabase,
} from '@flash-deal/testing'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import fp from 'fastify-plugin'
import type { Test } from 'tap'
import { product } from '../src/app.ts'

/** A client of product. */

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
export const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

type Json<Answer> = Answer extends { content: { 'application/json': infer Body } } ? Body : never
export type Product = Json<ProductOperations['createProduct']['responses'][201]>
export type ProductPage = Json<ProductOperations['listProducts']['responses'][200]>
export type StockLevel = Json<ProductOperations['getStock']['responses'][200]>
export type Deal = Json<ProductOperations['createDeal']['responses'][201]>
export type DealPage = Json<ProductOperations['listActiveDeals']['responses'][200]>
export type Results = Json<ProductOperations['createReservations']['responses'][200]>['results']
export type Result = Results[number]
export type States = Json<ProductOperations['confirmReservations']['responses'][200]>['results']

/** Not encapsulated, so that a test can ask for a sweep and read counters. */
export const buildProduct = (t: Test, options: BuildOptions = {}): Promise<FastifyInstance> =>
  buildApp(t, 'product', fp(product), options)

/** Product on a new database, which other instances of the same test can use too. */
export const openShop = async (
  t: Test,
  options: BuildOptions = {},
): Promise<{ app: FastifyInstance; database: FreshDatabase }> => {
  const database = await freshDatabase()
  t.teardown(() => database.drop())
  return { database, app: await buildProduct(t, { ...options, database }) }
}

export type Call = { method: 'GET' | 'POST' | 'PATCH'; url: string; payload?: object | string }

export const callAs = (app: FastifyInstance, userId: string, call: Call) =>
  app.inject({ ...call, headers: asUser(userId) })

const callAsService = (app: FastifyInstance, call: Call) =>
  app.inject({ ...call, headers: asService() })

const expected = (answer: LightMyRequestResponse, status: number): LightMyRequestResponse => {
  if (answer.statusCode === status) return answer
  throw new Error(`${answer.statusCode} instead of ${status}: ${answer.body}`)
}

/** The time this many milliseconds from now. */
export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()

export const someProduct = (given: object = {}) => ({
  name: 'Hanbit Headphones Pro',
  price: 129_000,
  stock: 100,
  ...given,
})

/** A deal that is open for the next minute. */
export const someDeal = (productId: string, given: object = {}) => ({
  product_id: productId,
  deal_price: 89_000,
  deal_stock: 10,
  starts_at: inMs(-60_000),
  ends_at: inMs(60_000),
  ...given,
})

export const offerProduct = async (
  app: FastifyInstance,
  { owner = randomUUID(), ...given }: { owner?: string; [field: string]: unknown } = {},
): Promise<Product> => {
  const call = { method: 'POST', url: '/products', payload: someProduct(given) } as const
  return expected(await callAs(app, owner, call), 201).json<Product>()
}

export const createDeal = (app: FastifyInstance, owner: string, payload: object) =>
  callAs(app, owner, { method: 'POST', url: '/products/deals', payload })

/** A deal of a new product, or of the given product and its owner. */
export const offerDeal = async (
  app: FastifyInstance,
  given: object = {},
  owner: string = randomUUID(),
  of?: Product,
): Promise<Deal> => {
  const { id } = of ?? (await offerProduct(app, { owner }))
  return expected(await createDeal(app, owner, someDeal(id, given)), 201).json<Deal>()
}

const get = async <Body>(app: FastifyInstance, url: string): Promise<Body> =>
  expected(await app.inject(url), 200).json<Body>()

export const productOf = (app: FastifyInstance, id: string) => get<Product>(app, `/products/${id}`)
export const dealOf = (app: FastifyInstance, id: string) => get<Deal>(app, `/products/deals/${id}`)
export const stockOf = async (app: FastifyInstance, id: string): Promise<number> =>
  (await get<StockLevel>(app, `/products/${id}/stock`)).stock
export const remainingOf = async (app: FastifyInstance, id: string): Promise<number> =>
  (await dealOf(app, id)).remaining_stock

export type Line = { product_id: string; deal_id: string | null; quantity: number }
export type ReservationRequest = { order_id: string; user_id: string; lines: Line[] }

/** A line for units of a product or of a deal. */
export const unitsOf = (what: Product | Deal, quantity = 1): Line =>
  'deal_price' in what
    ? { product_id: what.product_id, deal_id: what.id, quantity }
    : { product_id: what.id, deal_id: null, quantity }

/** A new order of a new buyer. */
export const orderOf = (...lines: Line[]): ReservationRequest => ({
  order_id: randomUUID(),
  user_id: randomUUID(),
  lines,
})

export const postReservations = (app: FastifyInstance, payload: object | string) =>
  callAsService(app, { method: 'POST', url: '/internal/reservations', payload })

export const reserveBatch = async (
  app: FastifyInstance,
  reservations: ReservationRequest[],
): Promise<Results> => {
  const answer = await postReservations(app, { reservations })
  return expected(answer, 200).json<{ results: Results }>().results
}

export const reserve = async (
  app: FastifyInstance,
  request: ReservationRequest,
): Promise<Result> => {
  const [result] = await reserveBatch(app, [request])
  if (result === undefined) throw new Error('A reservation without a result.')
  return result
}

/** Reserves the lines for a new order. @throws Error if that is rejected */
export const hold = async (app: FastifyInstance, ...lines: Line[]): Promise<ReservationRequest> => {
  const request = orderOf(...lines)
  const { outcome, reason } = await reserve(app, request)
  if (outcome !== 'granted') throw new Error(`${outcome}: ${reason}`)
  return request
}

export const postConfirm = (app: FastifyInstance, payload: object | string) =>
  callAsService(app, { method: 'POST', url: '/internal/reservations/confirm', payload })

export const confirm = async (app: FastifyInstance, ...order_ids: string[]): Promise<States> =>
  expected(await postConfirm(app, { order_ids }), 200).json<{ results: States }>().results

export const postRelease = (app: FastifyInstance, orderId: string) =>
  callAsService(app, { method: 'POST', url: `/internal/reservations/${orderId}/release` })

export const release = async (app: FastifyInstance, orderId: string): Promise<void> => {
  expected(await postRelease(app, orderId), 200)
}

/** The same call this many times concurrently. */
export const together = <Answer>(count: number, work: (n: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)))

/** How often each word occurs. */
export const tally = (words: readonly (string | number)[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

/** Waits until the clock is past this millisecond. */
export const after = async (time: string): Promise<void> => {
  while (new Date().toISOString() <= time) await new Promise((resolve) => setTimeout(resolve, 1))
}
