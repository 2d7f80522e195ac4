import { randomUUID } from 'node:crypto'
import { assertRefused } from '@flash-deal/testing'
import t from 'tap'
import { adminOf, endWindow, unaccounted } from './admin.ts'
import {
  after,
  callAs,
  hold,
  offerDeal,
  offerProduct,
  openShop,
  productOf,
  release,
  type StockLevel,
  stockOf,
  tally,
  time,
  together,
  unitsOf,
} from './client.ts'
import { rejectsBodies, rejectsMalformedIds, rejectsWithoutUser } from './refusals.ts'

const { app, database } = await openShop(t)
const sql = adminOf(t, database)
const owner = randomUUID()
const most = 2_147_483_647

const call = (id: string, payload: object = { delta: 1 }) =>
  ({ method: 'PATCH', url: `/products/${id}/stock`, payload }) as const
const change = (id: string, delta: unknown) => callAs(app, owner, call(id, { delta }))
const offer = (stock: number) => offerProduct(app, { owner, stock })

t.test('units can be added, and the response has the new stock', async (t) => {
  const product = await offer(10)
  await after(product.updated_at)
  const answer = await change(product.id, 5)
  t.equal(answer.statusCode, 200)
  const { updated_at, ...rest } = answer.json<StockLevel>()
  t.strictSame(rest, { product_id: product.id, stock: 15 })
  t.match(updated_at, time)
  t.ok(updated_at > product.updated_at)
  t.hasStrict(await productOf(app, product.id), { stock: 15, updated_at })
})

t.test('units can be removed down to zero', async (t) => {
  const { id } = await offer(10)
  t.hasStrict((await change(id, -4)).json(), { stock: 6 })
  t.hasStrict((await change(id, -6)).json(), { stock: 0 })
})

t.test('more units than the stock cannot be removed', async (t) => {
  const product = await offer(10)
  assertRefused(t, await change(product.id, -11), 400, 'INSUFFICIENT_STOCK')
  assertRefused(t, await change(product.id, -most), 400, 'INSUFFICIENT_STOCK')
  t.strictSame(await productOf(app, product.id), product)
})

t.test('held units cannot be removed', async (t) => {
  const product = await offer(10)
  await hold(app, unitsOf(product, 4))
  assertRefused(t, await change(product.id, -7), 400, 'INSUFFICIENT_STOCK')
  t.equal((await change(product.id, -6)).statusCode, 200)
})

t.test('the maximum stock can be reached and not exceeded', async (t) => {
  const { id } = await offer(0)
  t.hasStrict((await change(id, most)).json(), { stock: most })
  assertRefused(t, await change(id, 1), 422, 'VALIDATION_ERROR', ['delta'])
  t.equal(await stockOf(app, id), most)
  t.hasStrict((await change(id, -most)).json(), { stock: 0 })
})

t.test('released units are added beyond the maximum stock', async (t) => {
  const product = await offer(most)
  const { id } = product
  const reservation = await hold(app, unitsOf(product))
  t.equal((await change(id, 1)).statusCode, 200)
  await release(app, reservation.order_id)
  t.equal(await stockOf(app, id), most + 1)
})

t.test('above the maximum stock units can be removed but not added', async (t) => {
  const product = await offer(most)
  const deal = await offerDeal(app, { deal_stock: most }, owner, product)
  t.equal((await change(product.id, most)).statusCode, 200)
  await endWindow(sql, deal.id)
  await app.sweep()
  t.equal(await stockOf(app, product.id), 2 * most)
  t.hasStrict((await change(product.id, -1)).json(), { stock: 2 * most - 1 })
  assertRefused(t, await change(product.id, 1), 422, 'VALIDATION_ERROR', ['delta'])
  t.hasStrict((await change(product.id, -most)).json(), { stock: most - 1 })
  assertRefused(t, await change(product.id, -most), 400, 'INSUFFICIENT_STOCK')
  t.hasStrict((await change(product.id, 1 - most)).json(), { stock: 0 })
})

t.test('concurrent changes all count, and the stock never becomes negative', async (t) => {
  const { id } = await offer(10)
  const answers = await together(15, () => change(id, -1))
  t.strictSame(tally(answers.map(({ statusCode }) => statusCode)), { 200: 10, 400: 5 })
  t.equal(await stockOf(app, id), 0)
})

const refused = [0, most + 1, -most - 1, 0.5, '1', null, [1], true]

for (const delta of refused) {
  t.test(`a delta of ${JSON.stringify(delta)} is rejected, and nothing changes`, async (t) => {
    const product = await offer(10)
    assertRefused(t, await change(product.id, delta), 422, 'VALIDATION_ERROR', ['delta'])
    t.strictSame(await productOf(app, product.id), product)
  })
}

t.test('the stock itself cannot be set', async (t) => {
  const { id } = await offer(10)
  const answer = await callAs(app, owner, call(id, { delta: 1, stock: 99 }))
  assertRefused(t, answer, 422, 'VALIDATION_ERROR', ['stock'])
  t.equal(await stockOf(app, id), 10)
})

t.test('invalid bodies and a missing delta are rejected', async (t) => {
  const { id } = await offer(10)
  await rejectsBodies(t, app, call(id), ['delta'])
})

t.test("another user's stock cannot be changed", async (t) => {
  const { id } = await offer(10)
  assertRefused(t, await callAs(app, randomUUID(), call(id)), 403, 'FORBIDDEN')
  const tooMany = call(id, { delta: -11 })
  assertRefused(t, await callAs(app, randomUUID(), tooMany), 403, 'FORBIDDEN')
  t.equal(await stockOf(app, id), 10)
})

t.test('an unknown product is not found', async (t) => {
  assertRefused(t, await callAs(app, owner, call(randomUUID())), 404, 'NOT_FOUND')
})

t.test('a malformed id is rejected', (t) => rejectsMalformedIds(t, app, 'product_id', call))

t.test('a change without a user is rejected', async (t) => {
  const { id } = await offer(10)
  await rejectsWithoutUser(t, app, call(id))
  t.equal(await stockOf(app, id), 10)
})

t.test('afterwards every unit is accounted for', async (t) => {
  t.strictSame([...(await unaccounted(sql))], [])
})
