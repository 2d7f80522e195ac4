import { randomUUID } from 'node:crypto'
import { product } from '@flash-deal/product'
import { buildApp, freshDatabase, ownPgbouncer, pgbouncerProgram, until } from '@flash-deal/testing'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import { order } from '../src/app.ts'
import { bought, buy, cancel, type Order, offerDeal, read, units } from './order-and-product.ts'
import { refusedWith } from './refused.ts'

/** With a PgBouncer in transaction mode between the services and PostgreSQL (POOLER=transaction). */

const skip =
  pgbouncerProgram() === undefined &&
  'there is no PgBouncer; install Debian’s package pgbouncer to run this'

const timeoutMs = 2_000

const openPooled = async (t: Test, pooledTimeoutMs: number) => {
  const database = await freshDatabase({}, pooledTimeoutMs)
  t.teardown(() => database.drop())
  const urls = await ownPgbouncer(t, database)
  const settings = { ...urls, POOLER: 'transaction', QUERY_TIMEOUT_MS: String(pooledTimeoutMs) }
  const productApp = await buildApp(t, 'product', fp(product), { database, settings })
  const PRODUCT_URLS = await productApp.listen({ port: 0, host: '127.0.0.1' })
  const orderApp = await buildApp(t, 'order', fp(order), {
    database,
    settings: { ...settings, PRODUCT_URLS },
  })
  const sql = postgres(database.adminUrl, { max: 2, onnotice: () => {} })
  t.teardown(() => sql.end({ timeout: 1 }))
  return { database, sql, product: productApp, order: orderApp }
}

const statusOf = async (app: FastifyInstance) => (await app.inject('/health/ready')).statusCode

t.test('behind a PgBouncer in transaction mode', { skip }, async (t) => {
  const shop = await openPooled(t, timeoutMs)
  const user = randomUUID()

  t.test('both services are ready', async (t) => {
    t.strictSame([await statusOf(shop.product), await statusOf(shop.order)], [200, 200])
  })

  t.test('orders are placed, read, listed and cancelled', async (t) => {
    const deal = await offerDeal(shop, { deal_stock: 5 })
    const order = await bought(shop, user, { items: [deal] })
    t.strictSame((await read(shop.order, user, order.id)).json<Order>(), order)
    t.equal((await cancel(shop.order, user, order.id)).json<Order>().status, 'cancelled')
    await shop.order.relayOutbox()
    const [row] = await shop.sql`
      select remaining_stock from product.deals where id = ${deal.deal_id}`
    t.strictSame(row, { remaining_stock: 5 })
  })

  t.test('with more requests than connections each key gets its own response', async (t) => {
    const deal = await offerDeal(shop, { deal_stock: 30 })
    const buyers = Array.from({ length: 40 }, () => randomUUID())
    const answers = await Promise.all(
      buyers.map((buyer) => buy(shop.order, buyer, { items: [deal] }, 'a key')),
    )
    const sold = answers.filter(({ statusCode }) => statusCode === 201)
    t.ok(sold.length > 0 && sold.length <= 30)
    for (const [index, answer] of answers.entries()) {
      if (answer.statusCode === 201) t.equal(answer.json<Order>().user_id, buyers[index])
    }
  })

  t.test('a statement that waits for a lock ends in time, in PostgreSQL too', async (t) => {
    const { product_id, deal_id } = await offerDeal(shop)
    const held = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const holding = shop.sql.begin(async (tx) => {
      await tx`select from product.deals where id = ${deal_id} for update`
      locked.resolve()
      await held.promise
    })
    await locked.promise
    const answer = await buy(shop.order, user, { items: [{ product_id, deal_id, quantity: 1 }] })
    refusedWith(t, answer, 503, 'SERVICE_UNAVAILABLE')
    await until(async () => {
      const waiting = await shop.sql`
        select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
      return waiting.length === 0
    })
    held.resolve()
    await holding
    await bought(shop, user, { items: [{ product_id, deal_id, quantity: 1 }] })
  })

  t.test('the roles have the statement timeouts', async (t) => {
    const settings = await shop.order.db.query<Record<string, string>>(
      {
        name: 'bounds',
        text: "select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock",
      },
      [],
    )
    t.strictSame([...settings], [{ statement: '2s', lock: '2s' }])
  })

  t.test('an unknown order is 404', async (t) => {
    refusedWith(t, await buy(shop.order, user, units(randomUUID())), 404, 'PRODUCT_NOT_FOUND')
  })

  t.test('afterwards every invariant holds', async (t) => {
    await shop.order.relayOutbox()
    const { PRODUCT_DATABASE_URL: productUrl, ORDER_DATABASE_URL: orderUrl } = shop.database.urls
    t.strictSame(await brokenInvariants({ productUrl, orderUrl, atRest: false }), [])
  })
})
