import { randomUUID } from 'node:crypto'
import { assertRefused } from '@flash-deal/testing'
import t from 'tap'
import { hold, offerProduct, openShop, productOf, unitsOf } from './client.ts'
import { rejectsMalformedIds, rejectsUserWithoutKey } from './refusals.ts'

const { app } = await openShop(t)
const call = (id: string) => ({ method: 'GET', url: `/products/${id}` }) as const

t.test('every client can read a product', async (t) => {
  const product = await offerProduct(app, { description: 'Light.', category: 'Electronics' })
  const answer = await app.inject(call(product.id))
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), product)
  t.match(answer.headers['content-type'], /^application\/json/)
})

t.test('the response does not contain the owner', async (t) => {
  const owner = randomUUID()
  const { id } = await offerProduct(app, { owner })
  t.notMatch((await app.inject(call(id))).body, owner)
})

t.test('an id in upper case is accepted', async (t) => {
  const product = await offerProduct(app)
  t.strictSame(await productOf(app, product.id.toUpperCase()), product)
})

t.test('the stock is current after a purchase', async (t) => {
  const product = await offerProduct(app, { stock: 5 })
  await hold(app, unitsOf(product, 2))
  t.equal((await productOf(app, product.id)).stock, 3)
})

t.test('an unknown product is not found', async (t) => {
  assertRefused(t, await app.inject(call(randomUUID())), 404, 'NOT_FOUND')
})

t.test('a malformed id is rejected', (t) => rejectsMalformedIds(t, app, 'product_id', call))

t.test('a user id without the internal key is rejected', async (t) => {
  const { id } = await offerProduct(app)
  await rejectsUserWithoutKey(t, app, call(id))
})
