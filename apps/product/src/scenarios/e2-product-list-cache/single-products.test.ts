import { randomUUID } from 'node:crypto'
import type { VariantOf } from '@flash-deal/config'
import { assertRefused, eachVariant, servers } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { adminOf, lockProducts, untilWaiting } from '../../../test/admin.ts'
import {
  buildProduct,
  callAs,
  createDeal,
  hold,
  offerProduct,
  openShop,
  type Product,
  productOf,
  someDeal,
  stockOf,
  together,
  unitsOf,
} from '../../../test/client.ts'
import { witnessOf } from '../../../test/witness.ts'

/** A single product: always current, except with `single`, where it may be a second old. */

const { app: baseline, database } = await openShop(t)
const sql = adminOf(t, database)
const owner = randomUUID()

const build = (t: Test, E2: VariantOf<'E2'>): Promise<FastifyInstance> =>
  buildProduct(t, { database, scenarios: { E2 } })

const bytesOf = async (app: FastifyInstance, id: string) => {
  const { statusCode, body } = await app.inject(`/products/${id}`)
  return { statusCode, body }
}

/** The changes that an owner can make to a product. */
const changes: Record<string, (app: FastifyInstance, product: Product) => Promise<unknown>> = {
  'a new price': (app, { id }) =>
    callAs(app, owner, { method: 'PATCH', url: `/products/${id}`, payload: { price: 77 } }),
  'a new stock': (app, { id }) =>
    callAs(app, owner, { method: 'PATCH', url: `/products/${id}/stock`, payload: { delta: 5 } }),
  'a new deal': (app, { id }) => createDeal(app, owner, someDeal(id)),
}

for (const E2 of eachVariant('E2')) {
  const skip = E2 === 'optimized' && servers().redisUrl === undefined && 'there is no Redis'

  t.test(`${E2}: a product is, byte for byte, that of the database`, { skip }, async (t) => {
    const app = await build(t, E2)
    const { id } = await offerProduct(app, { owner })
    const expected = await bytesOf(baseline, id)
    for (const time of ['first', 'again', 'and again'])
      t.strictSame(await bytesOf(app, id), expected, time)
    for (const _ of [1, 2])
      assertRefused(t, await app.inject(`/products/${randomUUID()}`), 404, 'NOT_FOUND')
  })

  t.test(`${E2}: an owner's change is visible immediately`, { skip }, async (t) => {
    const app = await build(t, E2)
    for (const [title, change] of Object.entries(changes)) {
      const product = await offerProduct(app, { owner })
      const before = await bytesOf(app, product.id)
      await change(app, product)
      const after = await bytesOf(app, product.id)
      t.strictNotSame(after, before, title)
      t.strictSame(after, await bytesOf(baseline, product.id), title)
    }
  })

  t.test(
    `${E2}: a request after a change does not join a read from before it`,
    { skip },
    async (t) => {
      const app = await build(t, E2)
      const { id } = await offerProduct(app, { owner })
      const unlock = await lockProducts(sql)
      const before = productOf(app, id)
      await untilWaiting(sql, 1)
      await app.productList.invalidate()
      const after = productOf(app, id)
      await untilWaiting(sql, 2)
      await unlock()
      t.strictSame(await before, await after)
    },
  )

  t.test(`${E2}: getStock is never cached`, { skip }, async (t) => {
    const app = await build(t, E2)
    const product = await offerProduct(app, { owner })
    await productOf(app, product.id)
    await hold(app, unitsOf(product))
    t.equal(await stockOf(app, product.id), product.stock - 1)
  })
}

t.test(
  'single: a product is cached for a second, and a purchase does not invalidate it',
  async (t) => {
    const app = await build(t, 'single')
    const product = await offerProduct(app, { owner })
    let now = performance.now()
    t.intercept(performance, 'now', { value: () => now })
    t.equal((await productOf(app, product.id)).stock, product.stock)
    await hold(app, unitsOf(product))
    now += 999
    t.equal((await productOf(app, product.id)).stock, product.stock)
    now += 1
    t.equal((await productOf(app, product.id)).stock, product.stock - 1)
    t.strictSame(await witnessOf(app, 'E2'), { product_miss: 2, product_hit: 1 })
  },
)

t.test('single: fifty concurrent misses read it once', async (t) => {
  const app = await build(t, 'single')
  const { id } = await offerProduct(app, { owner })
  const unlock = await lockProducts(sql)
  const answers = together(50, () => productOf(app, id))
  await untilWaiting(sql, 1)
  await unlock()
  t.equal(new Set((await answers).map((each) => JSON.stringify(each))).size, 1)
  t.strictSame(await witnessOf(app, 'E2'), { product_miss: 1 })
})

t.test('single: an unknown id is not cached', async (t) => {
  const app = await build(t, 'single')
  const id = randomUUID()
  for (const _ of [1, 2]) t.equal((await bytesOf(app, id)).statusCode, 404)
  t.strictSame(await witnessOf(app, 'E2'), { product_miss: 2 })
})
