import { randomUUID } from 'node:crypto'
import { until } from '@flash-deal/testing'
import t from 'tap'
import { fails, Held, losesTheAnswer, refuses } from './forwarder.ts'
import {
  bought,
  brokenInvariants,
  buy,
  callAsService,
  cancel,
  lastReservedId,
  offerDeal,
  offerProduct,
  openShop,
  productBeside,
  remainingOf,
  reservationOf,
  reserve,
  settle,
  statusOf,
  stockOf,
  units,
} from './order-and-product.ts'

/** Product settles expired holds by a call to order, which decides. */

const shop = await openShop(t, {
  // All of fifty concurrent orders must be granted, even on a busy machine.
  product: { RESERVATION_TTL_MS: '100', QUERY_TIMEOUT_MS: '60000', DEADLINE_MS: '60000' },
})
t.beforeEach(() => {
  shop.toProduct.heal()
  shop.toOrder.heal()
})

const user = randomUUID()

/** Waits until all holds have expired. */
const untilExpired = () =>
  until(async () => {
    const rows = await shop.sql`
      select from product.reservations where state = 'held' and expires_at > now()`
    return rows.length === 0
  })

const sweepLater = async () => {
  await untilExpired()
  await shop.product.sweep()
}

t.test('the reservation of a stored order becomes confirmed', async (t) => {
  const product = await offerProduct(shop)
  const { id } = await bought(shop, user, units(product, 2))
  t.equal(await reservationOf(shop, id), 'held')
  await sweepLater()
  t.equal(await reservationOf(shop, id), 'confirmed')
  t.equal(await stockOf(shop, product), 8)
  t.equal(await statusOf(shop, id), 'confirmed')
})

for (const [status, state] of [
  ['shipped', 'confirmed'],
  ['delivered', 'confirmed'],
  ['rejected', 'released'],
] as const) {
  t.test(`the reservation of an order that is ${status} becomes ${state}`, async (t) => {
    const product = await offerProduct(shop)
    const { id } = await bought(shop, user, units(product))
    await shop.sql`update orders.orders set status = ${status} where id = ${id}`
    await sweepLater()
    t.equal(await reservationOf(shop, id), state)
    t.equal(await stockOf(shop, product), state === 'released' ? 10 : 9)
  })
}

t.test('the reservation of an unknown id is released, and the id stays void', async (t) => {
  const product = await offerProduct(shop)
  const id = randomUUID()
  await reserve(shop.product, id, product)
  t.equal(await stockOf(shop, product), 9)
  await sweepLater()
  t.strictSame([await statusOf(shop, id), await reservationOf(shop, id)], ['void', 'released'])
  t.equal(await stockOf(shop, product), 10)
  await reserve(shop.product, id, product)
  t.equal(await stockOf(shop, product), 10, 'it cannot be reserved again')
})

t.test('the reservation of a cancelled order is released once', async (t) => {
  const deal = await offerDeal(shop, { deal_stock: 4, per_user_limit: 1 })
  const { id } = await bought(shop, user, { items: [deal] })
  shop.toProduct.once('release', refuses)
  t.equal((await cancel(shop.order, user, id)).statusCode, 200)
  t.equal(await reservationOf(shop, id), 'held')
  await sweepLater()
  t.strictSame(
    [await reservationOf(shop, id), await remainingOf(shop, deal.deal_id)],
    ['released', 4],
  )
  await shop.order.relayOutbox()
  t.equal(await remainingOf(shop, deal.deal_id), 4, 'the later event returns no stock')
  await bought(shop, user, { items: [deal] })
  t.equal(await remainingOf(shop, deal.deal_id), 3, 'the limit is free again')
})

t.test('the reservation of a pending order is extended', async (t) => {
  const product = await offerProduct(shop)
  const { id } = await bought(shop, user, units(product))
  await shop.sql`update orders.orders set status = 'pending' where id = ${id}`
  await sweepLater()
  t.equal(await reservationOf(shop, id), 'held')
  const [row] = await shop.sql`
    select expires_at > updated_at as later from product.reservations where order_id = ${id}`
  t.strictSame(row, { later: true })
  await shop.sql`update orders.orders set status = 'confirmed' where id = ${id}`
  await sweepLater()
  t.equal(await reservationOf(shop, id), 'confirmed')
  t.equal(await stockOf(shop, product), 9)
})

t.test('a reservation that has not expired is not swept', async (t) => {
  const patient = await productBeside(t, shop, { RESERVATION_TTL_MS: '60000' })
  const id = randomUUID()
  await reserve(patient, id, await offerProduct(shop))
  await shop.product.sweep()
  t.strictSame([await statusOf(shop, id), await reservationOf(shop, id)], [undefined, 'held'])
  await shop.sql`update product.reservations set expires_at = now() where order_id = ${id}`
})

for (const { how, manner } of [
  { how: 'is unavailable', manner: refuses },
  { how: 'responds with an error', manner: fails },
  { how: 'stores the void and its response is lost', manner: losesTheAnswer },
]) {
  t.test(`while order ${how} nothing changes; the next sweep settles it`, async (t) => {
    const product = await offerProduct(shop)
    const { id } = await bought(shop, user, units(product))
    const unknown = randomUUID()
    await reserve(shop.product, unknown, product)
    await untilExpired()
    shop.toOrder.on('resolve', manner)
    await t.rejects(shop.product.sweep(), { code: 'SERVICE_UNAVAILABLE' })
    t.strictSame(
      [await reservationOf(shop, id), await reservationOf(shop, unknown)],
      ['held', 'held'],
    )
    t.equal(await stockOf(shop, product), 8)
    shop.toOrder.heal()
    await shop.product.sweep()
    t.equal(await reservationOf(shop, id), 'confirmed')
    t.equal(await reservationOf(shop, unknown), 'released')
    t.equal(await stockOf(shop, product), 9)
  })
}

t.test('the stock of an order cancelled during its sweep is returned once', async (t) => {
  const product = await offerProduct(shop)
  const { id } = await bought(shop, user, units(product))
  await untilExpired()
  const held = new Held()
  shop.toOrder.once('resolve', held.answer)
  const sweep = shop.product.sweep()
  await held.reached
  await cancel(shop.order, user, id)
  held.letGo()
  await sweep
  t.equal(await reservationOf(shop, id), 'released', 'the late response confirms nothing')
  t.equal(await stockOf(shop, product), 10)
})

t.test('an attempt that ends after its sweep never becomes an order', async (t) => {
  const product = await offerProduct(shop)
  const held = new Held()
  shop.toProduct.once('reservations', held.answer)
  const attempt = buy(shop.order, user, units(product))
  await held.reached
  const id = lastReservedId(shop)
  await sweepLater()
  t.strictSame([await statusOf(shop, id), await reservationOf(shop, id)], ['void', 'released'])
  held.letGo()
  t.equal((await attempt).statusCode, 503)
  t.equal(await stockOf(shop, product), 10)
})

/** Creates reservations without orders, more than fit in one call. */
const strand = async (productId: string, count: number) => {
  const lines = [{ product_id: productId, deal_id: null, quantity: 1 }]
  const reservations = Array.from({ length: 50 }, () => ({ user_id: user, lines }))
  for (let made = 0; made < count; made += 50) {
    await callAsService(shop.product, '/internal/reservations', {
      reservations: reservations.map((each) => ({ ...each, order_id: randomUUID() })),
    })
  }
}

t.test('one round settles any number of expired reservations', async (t) => {
  const product = await offerProduct(shop, { stock: 300 })
  await strand(product, 250)
  const { id } = await bought(shop, user, units(product))
  t.equal(await stockOf(shop, product), 49)
  await sweepLater()
  t.equal(await stockOf(shop, product), 299)
  t.equal(await reservationOf(shop, id), 'confirmed')
  t.equal(shop.toOrder.calls('resolve').length, 3, 'a hundred at a time')
})

t.test('a buyer with many expired reservations does not delay other buyers', async (t) => {
  const product = await offerProduct(shop, { stock: 300 })
  await strand(product, 250)
  const others = [randomUUID(), randomUUID()]
  for (const id of others) await reserve(shop.product, id, product)
  await sweepLater()
  t.equal(await stockOf(shop, product), 300)
  const first = shop.toOrder.calls('resolve')[0]?.body ?? ''
  for (const id of others) t.match(first, id, 'it is in the first call')
})

t.test('a stopping sweep aborts its call and starts no further step', async (t) => {
  const product = await offerProduct(shop, { stock: 300 })
  await strand(product, 250)
  await untilExpired()
  const [held, stopping] = [new Held(), new AbortController()]
  shop.toOrder.on('resolve', held.request)
  const sweep = shop.product.sweep(stopping.signal)
  await held.reached
  stopping.abort()
  await t.rejects(sweep, { code: 'SERVICE_UNAVAILABLE' })
  t.equal(shop.toOrder.calls('resolve').length, 1)
  t.equal(await stockOf(shop, product), 50, 'no stock is returned without a response of order')
  held.letGo()
  shop.toOrder.heal()
  const stopped = new AbortController()
  stopped.abort()
  await shop.product.sweep(stopped.signal)
  t.equal(shop.toOrder.calls('resolve').length, 0, 'no call is started afterwards')
  await shop.product.sweep()
  t.equal(await stockOf(shop, product), 300)
})

t.test('two instances can sweep concurrently, and stock is returned once', async (t) => {
  const other = await productBeside(t, shop, { RESERVATION_TTL_MS: '100' })
  const product = await offerProduct(shop, { stock: 300 })
  await strand(product, 150)
  const { id } = await bought(shop, user, units(product))
  await untilExpired()
  await Promise.all([shop.product.sweep(), other.sweep(), shop.product.sweep()])
  t.equal(await stockOf(shop, product), 299)
  t.equal(await reservationOf(shop, id), 'confirmed')
})

t.test('afterwards every invariant holds', async (t) => {
  await shop.sql`update orders.orders set status = 'confirmed' where status in ('shipped', 'delivered')`
  await settle(shop)
  t.strictSame(await brokenInvariants(shop), [])
})
