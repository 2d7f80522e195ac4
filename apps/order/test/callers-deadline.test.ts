import { randomUUID } from 'node:crypto'
import { asUser, until } from '@flash-deal/testing'
import t from 'tap'
import { Held } from './forwarder.ts'
import {
  brokenInvariants,
  buy,
  type Order,
  offerDeal,
  offerProduct,
  openShop,
  orderBeside,
  reservationOf,
  settle,
  statusOf,
  stockOf,
  units,
} from './order-and-product.ts'
import { refusedWith } from './refused.ts'

/** Work of an expired request is not started, and needs no compensation. */

for (const M8 of ['baseline', 'optimized'] as const) {
  t.test(`with M8 ${M8}`, async (t) => {
    const shop = await openShop(t, { scenarios: { M1: M8, M7: M8, M8, E5: '1' } })
    t.beforeEach(() => shop.toProduct.heal())
    const user = randomUUID()

    /** Occupies the only connection of product until the returned function is called. */
    const keepProductBusy = async () => {
      const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const transaction = shop.product.db.transaction(async () => {
        begun.resolve()
        await end.promise
      })
      await begun.promise
      return async () => {
        end.resolve()
        await transaction
      }
    }

    const buyIn = (ms: number, payload: object, key?: string) => {
      const own = { 'x-deadline-ms': String(ms), ...(key && { 'idempotency-key': key }) }
      const headers = { ...asUser(user), ...own }
      return shop.order.inject({ method: 'POST', url: '/orders', payload, headers })
    }

    const voidIds = async (): Promise<number> => {
      const [row] = await shop.sql<{ total: number }[]>`
        select count(*)::int as total from orders.orders where status = 'void'`
      return row?.total ?? 0
    }

    t.test('an order that product did not start is neither void nor released', async (t) => {
      const product = await offerProduct(shop)
      const end = await keepProductBusy()
      const answer = await buyIn(800, units(product))
      t.ok([503, 504].includes(answer.statusCode), answer.body)
      await end()
      const [asked] = shop.toProduct.calls('reservations')
      const [{ order_id: id }] = JSON.parse(String(asked?.body)).reservations
      // NotStarted if product responds in time; otherwise order has to void the id.
      const isTold =
        answer.statusCode === 503 && asked?.answer?.body.includes('NOT_STARTED') === true
      if (isTold) {
        t.equal(await statusOf(shop, id), undefined)
        t.equal(shop.toProduct.calls('release').length, 0)
      }
      t.equal(await reservationOf(shop, id), isTold ? undefined : 'released')
      t.equal(await stockOf(shop, product), 10)
    })

    t.test('the same key gets its order under the same id afterwards', async (t) => {
      const product = await offerProduct(shop)
      const key = randomUUID()
      const end = await keepProductBusy()
      refusedWith(t, await buyIn(4_000, units(product), key), 503, 'SERVICE_UNAVAILABLE')
      await end()
      const answer = await buy(shop.order, user, units(product), key)
      t.equal(answer.statusCode, 201, answer.body)
      const [asked] = shop.toProduct.calls('reservations')
      t.match(asked?.answer?.body, /NOT_STARTED/)
      t.match(asked?.body, answer.json<Order>().id)
      t.equal(await stockOf(shop, product), 9)
    })

    t.test('an order that waits too long for a call to product is not sent', async (t) => {
      const other = await orderBeside(t, shop)
      const deal = await offerDeal(shop, { deal_stock: 100 })
      const voidBefore = await voidIds()
      const held = new Held()
      shop.toProduct.on('reservations', held.request)
      const under = Array.from({ length: 64 }, () => buy(other, user, { items: [deal] }))
      await until(async () => shop.toProduct.calls('reservations').length === 64)
      const headers = { ...asUser(user), 'x-deadline-ms': '200' }
      const payload = { items: [deal] }
      const answer = await other.inject({ method: 'POST', url: '/orders', payload, headers })
      refusedWith(t, answer, 503, 'SERVICE_UNAVAILABLE')
      t.equal(answer.headers['retry-after'], '1')
      t.equal(shop.toProduct.calls('reservations').length, 64)
      held.letGo()
      const statuses = (await Promise.all(under)).map(({ statusCode }) => statusCode)
      t.ok(statuses.includes(201))
      const notPlaced = statuses.filter((status) => status !== 201).length
      t.ok((await voidIds()) - voidBefore <= notPlaced)
    })

    t.test('a request whose deadline has passed has no effect', async (t) => {
      const product = await offerProduct(shop)
      refusedWith(t, await buyIn(0, units(product), randomUUID()), 504, 'DEADLINE_EXCEEDED')
      t.equal(shop.toProduct.calls('reservations').length, 0)
      t.equal((await shop.sql`select from orders.claims where answer is null`).length, 0)
    })

    t.test('afterwards every invariant holds', async (t) => {
      await settle(shop)
      t.strictSame(await brokenInvariants(shop), [])
    })
  })
}
