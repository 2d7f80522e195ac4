import { randomUUID } from 'node:crypto'
import type { VariantOf } from '@flash-deal/config'
import { eachVariant } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import {
  buildProduct,
  callAs,
  dealOf,
  offerDeal,
  offerProduct,
  openShop,
  productOf,
  someProduct,
  together,
  uuid,
} from '../../../test/client.ts'
import { witnessOf } from '../../../test/witness.ts'

const { app: baseline, database } = await openShop(t)

const withVariant = (t: Test, E1: VariantOf<'E1'>): Promise<FastifyInstance> =>
  buildProduct(t, { database, scenarios: { E1 } })

const versions = { baseline: '4', optimized: '7' } satisfies Record<VariantOf<'E1'>, string>

/** Version and variant as RFC 9562 has them. */
const isOf = (variant: VariantOf<'E1'>) =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${versions[variant]}[0-9a-f]{3}-[89ab][0-9a-f]{3}-`)

for (const variant of eachVariant('E1')) {
  t.test(`${variant}: products and deals have ids of its version`, async (t) => {
    const app = await withVariant(t, variant)
    for (const { id } of [await offerProduct(app), await offerDeal(app)]) {
      t.match(id, uuid)
      t.match(id, isOf(variant))
    }
  })

  t.test(`${variant}: ids of both versions can be mixed`, async (t) => {
    const app = await withVariant(t, variant)
    const category = randomUUID()
    const products = [
      await offerProduct(baseline, { category }),
      await offerProduct(app, { category }),
    ]
    const deals = [await offerDeal(baseline), await offerDeal(app)]
    for (const product of products) t.strictSame(await productOf(app, product.id), product)
    for (const deal of deals) t.strictSame(await dealOf(app, deal.id), deal)
    const list = await app.inject({ url: '/products', query: { category } })
    t.strictSame(list.json(), { items: products.reverse(), total: 2, page: 1, size: 20 })
  })

  t.test(`${variant}: concurrently created ids are unique`, async (t) => {
    const app = await withVariant(t, variant)
    const products = await together(50, () => offerProduct(app))
    t.equal(new Set(products.map(({ id }) => id)).size, 50)
    t.equal(new Set(Array.from({ length: 10_000 }, () => app.newId())).size, 10_000)
  })

  t.test(`${variant}: its counter shows that it worked`, async (t) => {
    const app = await withVariant(t, variant)
    t.strictSame(await witnessOf(app, 'E1'), {})
    await offerDeal(app)
    t.strictSame(await witnessOf(app, 'E1'), { [`version_${versions[variant]}`]: 2 })
  })

  t.test(`${variant}: a rejected request creates no id`, async (t) => {
    const app = await withVariant(t, variant)
    const payload = someProduct({ price: -1 })
    const refused = await callAs(app, randomUUID(), { method: 'POST', url: '/products', payload })
    t.equal(refused.statusCode, 422)
    t.strictSame(await witnessOf(app, 'E1'), {})
  })
}

/** Milliseconds since 1970, from the first 48 bits. */
const timeIn = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16)

t.test('optimized: an id contains its creation time in milliseconds', async (t) => {
  const app = await withVariant(t, 'optimized')
  const before = Date.now()
  const { id } = await offerProduct(app)
  t.ok(timeIn(id) >= before && timeIn(id) <= Date.now(), id)
})

t.test('optimized: later ids are greater', async (t) => {
  const app = await withVariant(t, 'optimized')
  const ids: string[] = []
  for (let n = 0; n < 20; n += 1) ids.push((await offerProduct(app)).id)
  t.strictSame(ids.toSorted(), ids)
})

t.test(
  'optimized: ids increase in the same millisecond, and when the clock is set back',
  async (t) => {
    const app = await withVariant(t, 'optimized')
    // Later than all existing ids, so that the next id is made from this clock.
    const now = Date.now() + 60_000
    for (const setBackMs of [0, 9_000]) {
      t.intercept(Date, 'now', { value: () => now - setBackMs })
      const ids = Array.from({ length: 1_000 }, () => app.newId())
      t.strictSame(ids.toSorted(), ids)
      t.ok(timeIn(ids[0] ?? '') >= now)
    }
  },
)
