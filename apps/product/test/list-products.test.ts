import { randomUUID } from 'node:crypto'
import { assertRefused } from '@flash-deal/testing'
import t from 'tap'
import { callAs, offerProduct, openShop, type Product, type ProductPage } from './client.ts'
import { rejectsUserWithoutKey } from './refusals.ts'

const { app } = await openShop(t)

const list = async (query: Record<string, string | number> = {}): Promise<ProductPage> =>
  (await app.inject({ url: '/products', query: queryOf(query) })).json<ProductPage>()

const queryOf = (query: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]))

const idsOf = ({ items }: ProductPage): string[] => items.map(({ id }) => id)

/** Products of a category that no other test uses, newest first. */
const offerSome = async (count: number): Promise<{ category: string; products: Product[] }> => {
  const category = randomUUID()
  const products: Product[] = []
  for (let n = 0; n < count; n += 1) products.unshift(await offerProduct(app, { category }))
  return { category, products }
}

t.test('a shop without products has an empty page', async (t) => {
  const answer = await app.inject('/products')
  t.equal(answer.statusCode, 200)
  t.match(answer.headers['content-type'], /^application\/json/)
  t.strictSame(answer.json(), { items: [], total: 0, page: 1, size: 20 })
})

t.test('a page has products, newest first, and their total', async (t) => {
  const { category, products } = await offerSome(3)
  t.strictSame(await list({ category }), { items: products, total: 3, page: 1, size: 20 })
})

t.test('without a category all are listed, 20 a page', async (t) => {
  const { products } = await offerSome(21)
  const { items, total, page, size } = await list()
  t.strictSame(items, products.slice(0, 20))
  t.ok(total >= 21)
  t.strictSame([page, size], [1, 20])
})

t.test('the pages together have every product once', async (t) => {
  const { category, products } = await offerSome(5)
  const pages = await Promise.all([1, 2, 3].map((page) => list({ category, size: 2, page })))
  t.strictSame(
    pages.flatMap(({ items }) => items),
    products,
  )
  t.strictSame(
    pages.map(({ items, total, page, size }) => [items.length, total, page, size]),
    [
      [2, 5, 1, 2],
      [2, 5, 2, 2],
      [1, 5, 3, 2],
    ],
  )
})

t.test('a page beyond the last one is empty', async (t) => {
  const { category } = await offerSome(1)
  const beyond = { items: [], total: 1, page: 2, size: 20 }
  t.strictSame(await list({ category, page: 2 }), beyond)
  const last = 2_147_483_647
  t.strictSame(await list({ category, page: last, size: 100 }), {
    ...beyond,
    page: last,
    size: 100,
  })
})

t.test('a category is compared exactly', async (t) => {
  const category = `50% off & more_${randomUUID().slice(0, 8)}`
  const { id } = await offerProduct(app, { category })
  t.strictSame(idsOf(await list({ category })), [id])
  for (const other of [category.toUpperCase(), category.replace('_', 'x'), '%', "' or 1=1"]) {
    t.strictSame(idsOf(await list({ category: other })), [], other)
  }
})

t.test('a product without a category is listed only without a filter', async (t) => {
  const { id } = await offerProduct(app)
  t.ok(idsOf(await list({ size: 100 })).includes(id))
  t.notOk(idsOf(await list({ category: 'null' })).includes(id))
})

t.test('an update does not change the position of a product', async (t) => {
  const owner = randomUUID()
  const category = randomUUID()
  const older = await offerProduct(app, { owner, category })
  const newer = await offerProduct(app, { owner, category })
  const url = `/products/${older.id}`
  await callAs(app, owner, { method: 'PATCH', url, payload: { price: 1 } })
  t.strictSame(idsOf(await list({ category })), [newer.id, older.id])
})

const accepted = [{ page: 1 }, { size: 1 }, { size: 100 }, { category: 'x'.repeat(50) }]

for (const query of accepted) {
  t.test(`${Object.keys(query)} at its bound is accepted: ${JSON.stringify(query)}`, async (t) => {
    t.hasStrict(await list(query), 'category' in query ? { total: 0 } : query)
  })
}

const refused = {
  page: ['0', '-1', '1.5', 'x', '2147483648', '0x10', '1e2', ' 1', '+1', '9'.repeat(400)],
  size: ['0', '-1', '101', '1.5', 'x', '0b11', '5.', '1e1'],
  category: ['', 'x'.repeat(51), 'a\0b'],
}

for (const [name, values] of Object.entries(refused)) {
  t.test(`a ${name} out of range is rejected and named`, async (t) => {
    for (const value of values) {
      const answer = await app.inject({ url: '/products', query: { [name]: value } })
      assertRefused(t, answer, 422, 'VALIDATION_ERROR', [name])
    }
  })
}

t.test('all invalid parameters are reported together', async (t) => {
  const answer = await app.inject('/products?page=0&size=0&category=')
  assertRefused(t, answer, 422, 'VALIDATION_ERROR', ['page', 'size', 'category'])
})

t.test('a user id without the internal key is rejected', async (t) => {
  await rejectsUserWithoutKey(t, app, { method: 'GET', url: '/products' })
})
