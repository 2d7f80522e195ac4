import { randomUUID } from 'node:crypto'
import { asService, asUser } from '@flash-deal/testing'
import t from 'tap'
import { fails, Held, refuses } from './forwarder.ts'
import {
  bought,
  brokenInvariants,
  callAsService,
  cancel,
  type Order,
  offerDeal,
  offerProduct,
  openShop,
  orderBeside,
  read,
  remainingOf,
  reservationOf,
  settle,
  stockOf,
  time,
  units,
} from './order-and-product.ts'
import { refusedWith, refusesBodies } from './refused.ts'

const shop = await openShop(t)
t.beforeEach(() => shop.toProduct.heal())

const user = randomUUID()

t.test(
  'a cancelled order has time and reason, and its stock is returned before the response',
  async (t) => {
    const product = await offerProduct(shop)
    const deal = await offerDeal(shop)
    const items = [...units(product, 2).items, { ...deal, quantity: 3 }]
    const order = await bought(shop, user, { items })
    const answer = await cancel(shop.order, user, order.id, { reason: 'Ordered by mistake.' })
    t.equal(answer.statusCode, 200)
    t.match(answer.headers['content-type'], /^application\/json/)
    const cancelled = answer.json<Order>()
    t.strictSame(cancelled, {
      ...order,
      status: 'cancelled',
      cancel_reason: 'Ordered by mistake.',
      cancelled_at: cancelled.cancelled_at,
      updated_at: cancelled.cancelled_at,
    })
    t.match(cancelled.cancelled_at, time)
    t.ok(String(cancelled.cancelled_at) >= order.created_at)
    t.strictSame((await read(shop.order, user, order.id)).json(), cancelled)
    t.strictSame([await stockOf(shop, product), await remainingOf(shop, deal.deal_id)], [10, 10])
    t.equal(await reservationOf(shop, order.id), 'released')
  },
)

t.test('a cancelled order does not count towards the limit per buyer', async (t) => {
  const deal = await offerDeal(shop, { per_user_limit: 1 })
  for (const _ of [1, 2, 3]) {
    const { id } = await bought(shop, user, { items: [deal] })
    t.equal((await cancel(shop.order, user, id)).statusCode, 200)
  }
  t.equal(await remainingOf(shop, deal.deal_id), 10)
})

t.test('an order that is confirmed at product can be cancelled', async (t) => {
  const product = await offerProduct(shop)
  const { id } = await bought(shop, user, units(product))
  await shop.order.relayOutbox()
  t.equal(await reservationOf(shop, id), 'confirmed')
  t.equal((await cancel(shop.order, user, id)).statusCode, 200)
  t.strictSame([await reservationOf(shop, id), await stockOf(shop, product)], ['released', 10])
})

t.test(
  'one of twenty concurrent cancellations is 200, and the stock is returned once',
  async (t) => {
    const deal = await offerDeal(shop, { deal_stock: 5, per_user_limit: 2 })
    await bought(shop, user, { items: [deal] })
    const { id } = await bought(shop, user, { items: [deal] })
    const instances = [shop.order, await orderBeside(t, shop)]
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        cancel(instances[index % 2] ?? shop.order, user, id),
      ),
    )
    const refused = answers.filter((answer) => answer.statusCode !== 200)
    t.equal(refused.length, 19)
    for (const answer of refused) refusedWith(t, answer, 400, 'INVALID_ORDER_STATE')
    t.equal(await remainingOf(shop, deal.deal_id), 4)
  },
)

t.test('a second cancellation changes nothing', async (t) => {
  const product = await offerProduct(shop)
  const { id } = await bought(shop, user, units(product))
  const first = await cancel(shop.order, user, id, { reason: 'one' })
  refusedWith(t, await cancel(shop.order, user, id, { reason: 'two' }), 400, 'INVALID_ORDER_STATE')
  t.strictSame((await read(shop.order, user, id)).json(), first.json())
  t.equal(await stockOf(shop, product), 10)
})

for (const status of ['pending', 'shipped', 'delivered', 'rejected']) {
  t.test(`an order that is ${status} cannot be cancelled`, async (t) => {
    const product = await offerProduct(shop)
    const order = await bought(shop, user, units(product))
    await shop.sql`update orders.orders set status = ${status} where id = ${order.id}`
    refusedWith(t, await cancel(shop.order, user, order.id), 400, 'INVALID_ORDER_STATE')
    t.strictSame((await read(shop.order, user, order.id)).json(), { ...order, status })
    t.equal(await stockOf(shop, product), 9)
    await shop.sql`update orders.orders set status = 'confirmed' where id = ${order.id}`
  })
}

t.test("another user's order cannot be cancelled", async (t) => {
  const product = await offerProduct(shop)
  const order = await bought(shop, user, units(product))
  refusedWith(t, await cancel(shop.order, randomUUID(), order.id), 403, 'FORBIDDEN')
  t.strictSame((await read(shop.order, user, order.id)).json(), order)
  t.equal(await stockOf(shop, product), 9)
})

t.test('an unknown order and a void id are not found', async (t) => {
  const id = randomUUID()
  refusedWith(t, await cancel(shop.order, user, id), 404, 'NOT_FOUND')
  await callAsService(shop.order, '/internal/orders/resolve', { order_ids: [id] })
  refusedWith(t, await cancel(shop.order, user, id), 404, 'NOT_FOUND')
})

t.test('an invalid id is rejected', async (t) => {
  for (const id of ['1', `${randomUUID()}0`]) {
    refusedWith(t, await cancel(shop.order, user, id), 422, 'VALIDATION_ERROR', ['order_id'])
  }
})

const json = { 'content-type': 'application/json' }

t.test('body and reason are optional', async (t) => {
  const product = await offerProduct(shop, { stock: 10 })
  const bodies = [
    {},
    { headers: json },
    { headers: json, payload: '' },
    { headers: json, payload: '{}' },
    { headers: json, payload: '{"reason":null}' },
  ]
  for (const { headers, ...body } of bodies) {
    const { id } = await bought(shop, user, units(product))
    const answer = await shop.order.inject({
      method: 'POST',
      url: `/orders/${id}/cancel`,
      headers: { ...asUser(user), ...headers },
      ...body,
    })
    t.match(answer.json(), { status: 'cancelled', cancel_reason: null }, JSON.stringify(body))
  }
  t.equal(await stockOf(shop, product), 10)
})

t.test('a reason has at most 500 characters', async (t) => {
  const product = await offerProduct(shop)
  for (const reason of ['', 'x'.repeat(500), '사'.repeat(500), '😀'.repeat(500)]) {
    const { id } = await bought(shop, user, units(product))
    const answer = await cancel(shop.order, user, id, { reason })
    t.strictSame([answer.statusCode, answer.json<Order>().cancel_reason], [200, reason])
  }
  const { id } = await bought(shop, user, units(product))
  for (const reason of ['x'.repeat(501), 7, false, ['x'], 'a\0b', 'a\ud800']) {
    const answer = await cancel(shop.order, user, id, { reason })
    refusedWith(t, answer, 422, 'VALIDATION_ERROR', ['reason'])
  }
  const surplus = await cancel(shop.order, user, id, { status: 'shipped' })
  refusedWith(t, surplus, 422, 'VALIDATION_ERROR')
  await refusesBodies(t, shop.order, `/orders/${id}/cancel`, asUser(user))
  t.match((await read(shop.order, user, id)).json(), { status: 'confirmed' })
})

t.test('a cancellation without a user is rejected', async (t) => {
  const { id } = await bought(shop, user, units(await offerProduct(shop)))
  for (const headers of [{}, { 'x-user-id': user }, asService()]) {
    const url = `/orders/${id}/cancel`
    refusedWith(t, await shop.order.inject({ method: 'POST', url, headers }), 401, 'UNAUTHORIZED')
  }
  t.match((await read(shop.order, user, id)).json(), { status: 'confirmed' })
})

for (const { how, manner } of [
  { how: 'is unavailable', manner: refuses },
  { how: 'responds with an error', manner: fails },
]) {
  t.test(`an order is cancelled while product ${how}; its stock returns later`, async (t) => {
    const product = await offerProduct(shop)
    const { id } = await bought(shop, user, units(product))
    shop.toProduct.once('release', manner)
    const answer = await cancel(shop.order, user, id)
    t.strictSame([answer.statusCode, answer.json<Order>().status], [200, 'cancelled'])
    t.equal(await stockOf(shop, product), 9)
    await shop.order.relayOutbox()
    t.equal(await stockOf(shop, product), 10)
  })
}

t.test('an order is cancelled in time while product hangs; its stock returns later', async (t) => {
  const product = await offerProduct(shop)
  const { id } = await bought(shop, user, units(product))
  const held = new Held()
  shop.toProduct.once('release', held.request)
  const headers = { ...asUser(user), 'x-deadline-ms': '1000' }
  const answer = await shop.order.inject({ method: 'POST', url: `/orders/${id}/cancel`, headers })
  t.strictSame([answer.statusCode, answer.json<Order>().status], [200, 'cancelled'])
  t.equal(await stockOf(shop, product), 9)
  held.letGo()
  await settle(shop)
  t.equal(await stockOf(shop, product), 10)
})

t.test(
  'the stock of an order that is cancelled while the relay releases it returns once',
  async (t) => {
    const product = await offerProduct(shop)
    const { id } = await bought(shop, user, units(product, 2))
    const held = new Held()
    shop.toProduct.once('release', held.request)
    const cancelling = cancel(shop.order, user, id)
    await held.reached
    await shop.order.relayOutbox()
    t.equal(await stockOf(shop, product), 10)
    held.letGo()
    t.equal((await cancelling).statusCode, 200)
    t.equal(await stockOf(shop, product), 10)
  },
)

t.test('cancelled units of an ended deal are returned to the product', async (t) => {
  const deal = await offerDeal(shop, { deal_stock: 4 })
  const { id } = await bought(shop, user, { items: [{ ...deal, quantity: 3 }] })
  await shop.sql`update product.deals set ends_at = now() where id = ${deal.deal_id}`
  await shop.product.sweep()
  t.equal(await stockOf(shop, deal.product_id), 1)
  t.equal((await cancel(shop.order, user, id)).statusCode, 200)
  t.equal(await stockOf(shop, deal.product_id), 4)
  t.equal(await remainingOf(shop, deal.deal_id), 0)
})

t.test('afterwards every invariant holds', async (t) => {
  await settle(shop)
  t.strictSame(await brokenInvariants(shop), [])
})
