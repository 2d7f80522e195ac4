import { randomUUID } from 'node:crypto'
import { assertRefused } from '@flash-deal/testing'
import t from 'tap'
import { adminOf, unaccounted } from './admin.ts'
import {
  confirm,
  hold,
  offerDeal,
  offerProduct,
  openShop,
  orderOf,
  postConfirm,
  release,
  remainingOf,
  reserve,
  stockOf,
  together,
  unitsOf,
} from './client.ts'
import { rejectsBodies, rejectsWithoutKey } from './refusals.ts'

const { app, database } = await openShop(t)
const sql = adminOf(t, database)
const call = { method: 'POST', url: '/internal/reservations/confirm' } as const

const stateOf = async (orderId: string): Promise<string> => {
  const [row] = await sql`select state from reservations where order_id = ${orderId}`
  return row?.state ?? 'unknown'
}

t.test('a held reservation becomes confirmed', async (t) => {
  const { order_id } = await hold(app, unitsOf(await offerProduct(app)))
  t.equal(await stateOf(order_id), 'held')
  const answer = await postConfirm(app, { order_ids: [order_id] })
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), { results: [{ order_id, state: 'confirmed' }] })
  t.equal(await stateOf(order_id), 'confirmed')
})

t.test('confirming does not change the stock, even if repeated', async (t) => {
  const [product, deal] = [await offerProduct(app), await offerDeal(app)]
  const { order_id } = await hold(app, unitsOf(product, 2), unitsOf(deal, 3))
  for (const time of ['once', 'twice']) {
    t.hasStrict(await confirm(app, order_id), [{ state: 'confirmed' }], time)
    t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [98, 7])
  }
})

t.test('a released reservation stays released', async (t) => {
  const product = await offerProduct(app)
  const { order_id } = await hold(app, unitsOf(product))
  await release(app, order_id)
  t.strictSame(await confirm(app, order_id), [{ order_id, state: 'released' }])
  t.equal(await stockOf(app, product.id), 100)
})

t.test('an id may be written in upper case', async (t) => {
  const { order_id } = await hold(app, unitsOf(await offerProduct(app)))
  const upper = order_id.toUpperCase()
  t.strictSame(await confirm(app, upper), [{ order_id: upper, state: 'confirmed' }])
})

t.test('an id without a reservation is unknown, and can be reserved later', async (t) => {
  const request = orderOf(unitsOf(await offerProduct(app)))
  const { order_id } = request
  t.strictSame(await confirm(app, order_id), [{ order_id, state: 'unknown' }])
  t.equal((await reserve(app, request)).outcome, 'granted')
  t.equal(await stateOf(order_id), 'held')
})

t.test('each id has its own state, in the order of the request', async (t) => {
  const product = await offerProduct(app)
  const [held, confirmed, released] = await together(3, () => hold(app, unitsOf(product)))
  await confirm(app, confirmed?.order_id ?? '')
  await release(app, released?.order_id ?? '')
  const asked = [released?.order_id, randomUUID(), held?.order_id, confirmed?.order_id]
  const results = await confirm(app, ...asked.map((id) => id ?? ''))
  t.strictSame(
    results.map(({ order_id }) => order_id),
    asked,
  )
  t.strictSame(
    results.map(({ state }) => state),
    ['released', 'unknown', 'confirmed', 'confirmed'],
  )
})

t.test('other reservations do not change', async (t) => {
  const product = await offerProduct(app)
  const [one, other] = await together(2, () => hold(app, unitsOf(product)))
  await confirm(app, one?.order_id ?? '')
  t.equal(await stateOf(other?.order_id ?? ''), 'held')
})

t.test('a repeated id has a repeated state', async (t) => {
  const { order_id } = await hold(app, unitsOf(await offerProduct(app)))
  const state = 'confirmed'
  t.strictSame(await confirm(app, order_id, order_id), [
    { order_id, state },
    { order_id, state },
  ])
})

t.test('concurrent confirm and release end released, with the stock returned', async (t) => {
  const product = await offerProduct(app)
  const requests = await together(20, () => hold(app, unitsOf(product)))
  const ids = requests.map(({ order_id }) => order_id)
  await Promise.all([
    confirm(app, ...ids),
    confirm(app, ...ids.toReversed()),
    ...ids.map((id) => release(app, id)),
  ])
  const results = await confirm(app, ...ids)
  t.ok(results.every(({ state }) => state === 'released'))
  t.equal(await stockOf(app, product.id), 100)
})

t.test('a call has at most 100 ids', async (t) => {
  const results = await confirm(app, ...Array.from({ length: 100 }, () => randomUUID()))
  t.equal(results.length, 100)
})

const refused = {
  'no id': [[], 'order_ids'],
  '101 ids': [Array(101).fill(randomUUID()), 'order_ids'],
  'a malformed id': [[randomUUID(), '1'], 'order_ids.1'],
  'an id that is null': [[null], 'order_ids.0'],
  'an id without a list': [randomUUID(), 'order_ids'],
} as const

for (const [title, [order_ids, field]] of Object.entries(refused)) {
  t.test(`${title} is rejected, and the field is named`, async (t) => {
    const answer = await postConfirm(app, { order_ids })
    assertRefused(t, answer, 422, 'VALIDATION_ERROR', [field])
  })
}

t.test('a rejected batch confirms none of its ids', async (t) => {
  const { order_id } = await hold(app, unitsOf(await offerProduct(app)))
  const extra = await postConfirm(app, { order_ids: [order_id], state: 'confirmed' })
  assertRefused(t, extra, 422, 'VALIDATION_ERROR', ['state'])
  assertRefused(t, await postConfirm(app, { order_ids: [order_id, ''] }), 422, 'VALIDATION_ERROR', [
    'order_ids.1',
  ])
  t.equal(await stateOf(order_id), 'held')
})

t.test('invalid bodies and missing ids are rejected', async (t) => {
  await rejectsBodies(t, app, call, ['order_ids'])
})

t.test('only services can confirm', async (t) => {
  const { order_id } = await hold(app, unitsOf(await offerProduct(app)))
  await rejectsWithoutKey(t, app, { ...call, payload: { order_ids: [order_id] } })
  t.equal(await stateOf(order_id), 'held')
})

t.test('afterwards every unit is accounted for', async (t) => {
  t.strictSame([...(await unaccounted(sql))], [])
})
