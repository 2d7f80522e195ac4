import { randomUUID } from 'node:crypto'
import { asService, asUser } from '@flash-deal/testing'
import t from 'tap'
import {
  bought,
  callAsService,
  offerProduct,
  openShop,
  orderBeside,
  read,
  statusOf,
  units,
} from './order-and-product.ts'
import { refusedWith, refusesBodies } from './refused.ts'

const shop = await openShop(t)
const user = randomUUID()
const url = '/internal/orders/resolve'

const outcomesOf = async (order_ids: string[], app = shop.order) => {
  const answer = await callAsService(app, url, { order_ids })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.json<{ results: { order_id: string; outcome: string }[] }>()
}

t.test('an unknown id becomes void and stays void', async (t) => {
  const id = randomUUID()
  for (const _ of [1, 2]) {
    t.strictSame(await outcomesOf([id]), { results: [{ order_id: id, outcome: 'void' }] })
  }
  t.equal(await statusOf(shop, id), 'void')
  refusedWith(t, await read(shop.order, user, id), 404, 'NOT_FOUND')
})

for (const [status, outcome] of [
  ['pending', 'pending'],
  ['confirmed', 'confirmed'],
  ['shipped', 'confirmed'],
  ['delivered', 'confirmed'],
  ['cancelled', 'void'],
  ['rejected', 'void'],
] as const) {
  t.test(`an order that is ${status} resolves to ${outcome} and does not change`, async (t) => {
    const order = await bought(shop, user, units(await offerProduct(shop)))
    await shop.sql`update orders.orders set status = ${status} where id = ${order.id}`
    t.strictSame(await outcomesOf([order.id]), { results: [{ order_id: order.id, outcome }] })
    t.strictSame((await read(shop.order, user, order.id)).json(), { ...order, status })
  })
}

t.test('each id has its own outcome, in the order of the request', async (t) => {
  const product = await offerProduct(shop)
  const orders = await Promise.all([1, 2, 3].map(() => bought(shop, user, units(product))))
  const unknown: string[] = [randomUUID(), randomUUID(), randomUUID()]
  const asked = orders.flatMap(({ id }, index) => [String(unknown[index]), id]).reverse()
  const results = asked.map((order_id) => ({
    order_id,
    outcome: unknown.includes(order_id) ? 'void' : 'confirmed',
  }))
  t.strictSame(await outcomesOf(asked), { results })
  t.strictSame(await outcomesOf(asked), { results })
})

t.test('a repeated id has a repeated outcome', async (t) => {
  const id = randomUUID()
  const result = { order_id: id, outcome: 'void' }
  t.strictSame(await outcomesOf([id, id.toUpperCase()]), { results: [result, result] })
})

t.test('concurrent calls at several instances agree', async (t) => {
  const other = await orderBeside(t, shop)
  const ids = Array.from({ length: 50 }, () => randomUUID())
  const answers = await Promise.all([
    outcomesOf(ids),
    outcomesOf([...ids].reverse(), other),
    outcomesOf(ids, other),
  ])
  for (const { results } of answers) {
    t.ok(results.every(({ outcome }) => outcome === 'void'))
    t.equal(results.length, 50)
  }
})

t.test('a call has 1 to 100 ids', async (t) => {
  const ids = Array.from({ length: 101 }, () => randomUUID())
  t.equal((await outcomesOf(ids.slice(0, 100))).results.length, 100)
  for (const order_ids of [[], ids]) {
    const answer = await callAsService(shop.order, url, { order_ids })
    refusedWith(t, answer, 422, 'VALIDATION_ERROR', ['order_ids'])
  }
  t.equal(await statusOf(shop, String(ids[100])), undefined)
})

t.test('a body that violates the schema is rejected and stores nothing', async (t) => {
  const id = randomUUID()
  const invalid: [object, string[]][] = [
    [{ order_ids: [id, 'x'] }, ['order_ids.1']],
    [{ order_ids: [id, null] }, ['order_ids.1']],
    [{ order_ids: id }, ['order_ids']],
    [{ order_ids: [id], outcome: 'confirmed' }, ['outcome']],
  ]
  for (const [body, fields] of invalid) {
    refusedWith(t, await callAsService(shop.order, url, body), 422, 'VALIDATION_ERROR', fields)
  }
  await refusesBodies(t, shop.order, url, asService(), ['order_ids'])
  t.equal(await statusOf(shop, id), undefined)
})

t.test('without the internal key the call is rejected and stores nothing', async (t) => {
  const id = randomUUID()
  const { 'x-user-id': asSomebody = '' } = asUser(user)
  for (const headers of [{}, { 'x-internal-key': 'guessed' }, { 'x-user-id': asSomebody }]) {
    const payload = { order_ids: [id] }
    const answer = await shop.order.inject({ method: 'POST', url, payload, headers })
    refusedWith(t, answer, 401, 'UNAUTHORIZED')
  }
  t.equal(await statusOf(shop, id), undefined)
})
