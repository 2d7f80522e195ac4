import { randomUUID } from 'node:crypto'
import { assertRefused } from '@flash-deal/testing'
import t from 'tap'
import {
  hold,
  offerDeal,
  offerProduct,
  openShop,
  release,
  type StockLevel,
  stockOf,
  time,
  unitsOf,
} from './client.ts'
import { rejectsMalformedIds, rejectsUserWithoutKey } from './refusals.ts'

const { app } = await openShop(t)
const call = (id: string) => ({ method: 'GET', url: `/products/${id}/stock` }) as const

t.test('every client can read the stock', async (t) => {
  const product = await offerProduct(app, { stock: 42 })
  const answer = await app.inject(call(product.id))
  t.equal(answer.statusCode, 200)
  const { updated_at, ...rest } = answer.json<StockLevel>()
  t.strictSame(rest, { product_id: product.id, stock: 42 })
  t.match(updated_at, time)
})

t.test('the stock is current after a purchase and its release', async (t) => {
  const product = await offerProduct(app, { stock: 5 })
  const { order_id } = await hold(app, unitsOf(product, 2))
  t.equal(await stockOf(app, product.id), 3)
  await release(app, order_id)
  t.equal(await stockOf(app, product.id), 5)
})

t.test('units allocated to deals are not among them', async (t) => {
  const owner = randomUUID()
  const product = await offerProduct(app, { owner, stock: 30 })
  const deal = await offerDeal(app, { deal_stock: 12 }, owner, product)
  t.equal(await stockOf(app, product.id), 18)
  await hold(app, unitsOf(deal))
  t.equal(await stockOf(app, product.id), 18, 'nor those that the deal sells')
})

t.test('an unknown product is not found', async (t) => {
  assertRefused(t, await app.inject(call(randomUUID())), 404, 'NOT_FOUND')
})

t.test('a malformed id is rejected', (t) => rejectsMalformedIds(t, app, 'product_id', call))

t.test('a user id without the internal key is rejected', async (t) => {
  const { id } = await offerProduct(app)
  await rejectsUserWithoutKey(t, app, call(id))
})
