import { randomUUID } from 'node:crypto'
import type { VariantOf } from '@flash-deal/config'
import { product } from '@flash-deal/product'
import { asUser, buildApp, freePort, freshDatabase, Link, type Test } from '@flash-deal/testing'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import fp from 'fastify-plugin'
import postgres, { type Sql } from 'postgres'
import { order } from '../src/app.ts'
import type { Reservation } from '../src/scenarios/h1-product-transport/seam.ts'

/** Order and product with one variant of H1 between them, on a link that can inject faults. */

export type Pair = {
  order: FastifyInstance
  product: FastifyInstance
  /** The link from order to product. */
  link: Link
  sql: Sql
  /** The log lines of product. */
  log: Record<string, unknown>[]
  /** Starts another instance of order on the same database and the same link. */
  orderBeside(settings: Record<string, string>): Promise<FastifyInstance>
  brokenInvariants(): Promise<string[]>
}

export type PairOptions = { order?: Record<string, string>; product?: Record<string, string> }

export const openPair = async (
  t: Test,
  H1: VariantOf<'H1'>,
  own: PairOptions = {},
): Promise<Pair> => {
  const database = await freshDatabase()
  t.teardown(() => database.drop())
  const sql = postgres(database.adminUrl, { max: 2, onnotice: () => {} })
  t.teardown(() => sql.end({ timeout: 1 }))
  const log: Record<string, unknown>[] = []
  const logStream = { write: (line: string) => void log.push(JSON.parse(line)) }
  const PRODUCT_GRPC_PORT = String(await freePort())
  const nowhere = { ORDER_URLS: 'http://127.0.0.1:1' }
  const productApp = await buildApp(t, 'product', fp(product), {
    database,
    settings: { LOG_LEVEL: 'info', PRODUCT_GRPC_PORT, ...nowhere, ...own.product },
    scenarios: { H1 },
    logStream,
  })
  const url = await productApp.listen({ port: 0, host: '127.0.0.1' })
  const link = await Link.to(t, H1 === 'grpc' ? `http://127.0.0.1:${PRODUCT_GRPC_PORT}` : url)
  const orderBeside = (settings: Record<string, string>): Promise<FastifyInstance> =>
    buildApp(t, 'order', fp(order), {
      database,
      settings: { PRODUCT_URLS: link.url, PRODUCT_GRPC_URLS: link.url, ...settings },
      scenarios: { H1 },
    })
  const { PRODUCT_DATABASE_URL: productUrl, ORDER_DATABASE_URL: orderUrl } = database.urls
  return {
    order: await orderBeside(own.order ?? {}),
    product: productApp,
    link,
    sql,
    log,
    orderBeside,
    brokenInvariants: () => brokenInvariants({ productUrl, orderUrl, atRest: true }),
  }
}

/** A reservation of one line, with a new id. */
export const reservationOf = (line: {
  product_id: string
  deal_id?: string | null
  quantity?: number
}): Reservation => ({
  order_id: randomUUID(),
  user_id: randomUUID(),
  lines: [{ deal_id: null, quantity: 1, ...line }],
})

/** createOrder with this deadline and these headers. */
export const buyIn = (
  app: FastifyInstance,
  ms: number,
  payload: object,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> => {
  const all = { ...asUser(), 'x-deadline-ms': String(ms), ...headers }
  return app.inject({ method: 'POST', url: '/orders', payload, headers: all })
}

/** The witnesses of the variant of H1 in an app. */
export const countedBy = async ({ metrics }: FastifyInstance): Promise<Record<string, number>> => {
  const line = /^scenario_witness_total\{scenario="H1",event="(\w+)"\} (\d+)$/gm
  const found = (await metrics.metrics()).matchAll(line)
  return Object.fromEntries(Array.from(found, ([, event, count]) => [event, Number(count)]))
}
