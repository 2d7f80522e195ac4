import { randomUUID } from 'node:crypto'
import { asService } from '@flash-deal/testing'
import t from 'tap'
import {
  bought,
  callAsService,
  offerProduct,
  openShop,
  orderBeside,
  read,
  units,
} from './order-and-product.ts'
import { refusedWith } from './refused.ts'

const shop = await openShop(t)
const user = randomUUID()

t.test('a buyer can read an order at every instance immediately', async (t) => {
  const order = await bought(shop, user, units(await offerProduct(shop), 2))
  for (const app of [shop.order, await orderBeside(t, shop)]) {
    const answer = await read(app, user, order.id)
    t.equal(answer.statusCode, 200)
    t.match(answer.headers['content-type'], /^application\/json/)
    t.strictSame(answer.json(), order)
  }
  t.strictSame((await read(shop.order, user, order.id.toUpperCase())).json(), order)
})

t.test('an order can be read while product is unavailable', async (t) => {
  const order = await bought(shop, user, units(await offerProduct(shop)))
  const alone = await orderBeside(t, shop, { PRODUCT_URLS: 'http://127.0.0.1:1' })
  t.strictSame((await read(alone, user, order.id)).json(), order)
})

t.test("another user's order is 403", async (t) => {
  const order = await bought(shop, user, units(await offerProduct(shop)))
  refusedWith(t, await read(shop.order, randomUUID(), order.id), 403, 'FORBIDDEN')
})

t.test('an unknown order is not found', async (t) => {
  refusedWith(t, await read(shop.order, user, randomUUID()), 404, 'NOT_FOUND')
})

t.test('a void id is not found', async (t) => {
  const id = randomUUID()
  await callAsService(shop.order, '/internal/orders/resolve', { order_ids: [id] })
  refusedWith(t, await read(shop.order, user, id), 404, 'NOT_FOUND')
})

t.test('an invalid id is rejected', async (t) => {
  for (const id of ['1', 'x'.repeat(36), `${randomUUID()}0`, `urn:uuid:${randomUUID()}`]) {
    refusedWith(t, await read(shop.order, user, id), 422, 'VALIDATION_ERROR', ['order_id'])
  }
})

t.test('a request without a user is rejected', async (t) => {
  const { id } = await bought(shop, user, units(await offerProduct(shop)))
  for (const headers of [{}, { 'x-user-id': user }, asService()]) {
    const answer = await shop.order.inject({ url: `/orders/${id}`, headers })
    refusedWith(t, answer, 401, 'UNAUTHORIZED')
  }
})

for (const status of ['pending', 'confirmed', 'shipped', 'delivered', 'cancelled', 'rejected']) {
  t.test(`an order shows the status ${status}`, async (t) => {
    const order = await bought(shop, user, units(await offerProduct(shop)))
    await shop.sql`update orders.orders set status = ${status} where id = ${order.id}`
    t.strictSame((await read(shop.order, user, order.id)).json(), { ...order, status })
  })
}

t.test('a rejected order has a reason', async (t) => {
  const { id } = await bought(shop, user, units(await offerProduct(shop)))
  await shop.sql`update orders.orders
    set status = 'rejected', reject_reason = 'INSUFFICIENT_STOCK' where id = ${id}`
  const answer = await read(shop.order, user, id)
  t.match(answer.json(), { status: 'rejected', reject_reason: 'INSUFFICIENT_STOCK' })
})
