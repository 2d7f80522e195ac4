import { randomUUID } from 'node:crypto'
import { until } from '@flash-deal/testing'
import t from 'tap'
import { fails, losesTheAnswer, refuses } from '../forwarder.ts'
import { goProcess, hasGo } from '../go-process.ts'
import {
  buy,
  cancel,
  type Order,
  offerProduct,
  openShop,
  reservationOf,
  statusOf,
  stockOf,
  units,
} from '../order-and-product.ts'

/** The background work of order in Go: it delivers the outbox and deletes old rows. */

if (!hasGo) {
  t.test('order in Go', { skip: 'Go is not installed.' }, async () => {})
} else {
  const shop = await openShop(t)
  const user = randomUUID()
  const { database, sql, toProduct } = shop
  // The orders are placed at order in Node, whose background rounds do not run.
  const settings = { PRODUCT_URLS: toProduct.url, RELAY_INTERVAL_MS: '50' }
  await goProcess(t, { database, settings: { ...settings, RETENTION_INTERVAL_MS: '1000' } })

  const sold = async (product: string): Promise<string> =>
    (await buy(shop.order, user, units(product))).json<Order>().id
  const waiting = async (id: string): Promise<number> =>
    (await sql`select from orders.outbox where order_id = ${id}`).length

  for (const [how, manner] of [
    ['is unavailable', refuses],
    ['responds with an error', fails],
    ['confirms but its response is lost', losesTheAnswer],
  ] as const) {
    t.test(`a confirmation is kept while product ${how}, and delivered afterwards`, async (t) => {
      toProduct.on('confirm', manner)
      const id = await sold(await offerProduct(shop))
      await until(async () => toProduct.calls('confirm').length > 0)
      t.equal(await waiting(id), 1)
      toProduct.heal()
      await sql`update orders.outbox set next_attempt_at = now()`
      await until(async () => (await waiting(id)) === 0)
      t.equal(await reservationOf(shop, id), 'confirmed')
    })
  }

  t.test(
    'the stock of an order that is cancelled while product is unavailable returns once',
    async (t) => {
      const product = await offerProduct(shop, { stock: 10 })
      const id = await sold(product)
      await until(async () => (await waiting(id)) === 0)
      toProduct.on('release', refuses)
      t.equal((await cancel(shop.order, user, id)).statusCode, 200)
      t.equal(await stockOf(shop, product), 9)
      toProduct.heal()
      await sql`update orders.outbox set next_attempt_at = now()`
      await until(async () => (await waiting(id)) === 0)
      t.equal(await stockOf(shop, product), 10)
    },
  )

  t.test('claims and void ids are deleted after a day, orders never', async (t) => {
    const id = await sold(await offerProduct(shop))
    const [old, young] = [randomUUID(), randomUUID()]
    const add = (each: string, hours: number) => sql`
      with voided as (
        insert into orders.orders (id, status, created_at)
        values (${each}, 'void', now() - ${hours}::int * interval '1 hour')
      )
      insert into orders.claims (user_id, key, body_digest, order_id, lease_until)
      values (${user}, ${each}, '\\x00', ${each}, now() - ${hours}::int * interval '1 hour')`
    await add(young, 23)
    await sql`update orders.orders set created_at = now() - interval '1 year' where id = ${id}`
    await add(old, 25)
    const claims = (key: string) => sql`select from orders.claims where key = ${key}`
    await until(async () => (await claims(old)).length === 0)
    await until(async () => (await statusOf(shop, old)) === undefined)
    t.equal((await claims(young)).length, 1)
    t.strictSame([await statusOf(shop, young), await statusOf(shop, id)], ['void', 'confirmed'])
  })
}
