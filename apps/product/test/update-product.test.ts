import { randomUUID } from 'node:crypto'
import { assertRefused } from '@flash-deal/testing'
import t from 'tap'
import {
  after,
  callAs,
  dealOf,
  hold,
  offerDeal,
  offerProduct,
  openShop,
  type Product,
  productOf,
  reserve,
  together,
  unitsOf,
} from './client.ts'
import { rejectsBodies, rejectsMalformedIds, rejectsWithoutUser } from './refusals.ts'

const { app } = await openShop(t)
const owner = randomUUID()

const call = (id: string, payload: object = { price: 1 }) =>
  ({ method: 'PATCH', url: `/products/${id}`, payload }) as const

const offer = (): Promise<Product> =>
  offerProduct(app, {
    owner,
    description: 'Light and quiet.',
    category: 'Electronics',
    image_url: 'https://images.example.com/headphones.jpg',
  })

const changes = {
  name: ['x', 'y'.repeat(200)],
  description: ['Heavy and loud.', '', null],
  price: [0, 1_000_000_000_000],
  category: ['Sale', 'x'.repeat(50), null],
  image_url: ['http://images.example.com/other.jpg', null],
}

for (const [field, values] of Object.entries(changes)) {
  t.test(`a new ${field} is visible immediately, and nothing else changes`, async (t) => {
    const before = await offer()
    await after(before.updated_at)
    for (const value of values) {
      const answer = await callAs(app, owner, call(before.id, { [field]: value }))
      t.equal(answer.statusCode, 200)
      const { updated_at, ...rest } = answer.json<Product>()
      const { updated_at: updatedBefore, ...kept } = before
      t.strictSame(rest, { ...kept, [field]: value })
      t.ok(updated_at > updatedBefore, 'updated_at moves on')
      t.strictSame(await productOf(app, before.id), answer.json())
    }
  })
}

t.test('several fields change together', async (t) => {
  const { id } = await offer()
  const given = { name: 'New', price: 5, description: null, category: 'Sale' }
  t.hasStrict((await callAs(app, owner, call(id, given))).json(), given)
})

t.test('concurrent changes of different fields are all applied', async (t) => {
  const { id } = await offer()
  const given = { name: 'New', price: 5, description: 'Other.', category: 'Sale' }
  const parts = Object.entries(given).map(([name, value]) => ({ [name]: value }))
  await Promise.all(parts.map((part) => callAs(app, owner, call(id, part))))
  t.hasStrict(await productOf(app, id), given)
})

t.test('a change does not undo concurrent purchases', async (t) => {
  const product = await offer()
  await Promise.all([
    together(10, () => hold(app, unitsOf(product))),
    together(10, (n) => callAs(app, owner, call(product.id, { price: n }))),
  ])
  t.equal((await productOf(app, product.id)).stock, 90)
})

t.test('the next purchase has the new name and price', async (t) => {
  const product = await offer()
  await callAs(app, owner, call(product.id, { name: 'Renamed', price: 77 }))
  const request = await hold(app, unitsOf(product))
  const { lines } = await reserve(app, request)
  t.hasStrict(lines, [{ product_name: 'Renamed', unit_price: 77 }])
})

t.test('its deals show the new name and original price', async (t) => {
  const product = await offer()
  const deal = await offerDeal(app, {}, owner, product)
  await callAs(app, owner, call(product.id, { name: 'Renamed', price: 77 }))
  t.hasStrict(await dealOf(app, deal.id), {
    product: { name: 'Renamed' },
    original_price: 77,
    deal_price: deal.deal_price,
  })
})

const refused = {
  'an empty name': { name: '' },
  'a name of 201 characters': { name: 'x'.repeat(201) },
  'a name that is null': { name: null },
  'a name with NUL in it': { name: '\0' },
  'a price below 0': { price: -1 },
  'a price above the highest': { price: 1_000_000_000_001 },
  'a price that is null': { price: null },
  'a price with a fraction': { price: 0.5 },
  'a description of 5001 characters': { description: 'x'.repeat(5001) },
  'a category of 51 characters': { category: 'x'.repeat(51) },
  'an invalid URL': { image_url: 'headphones.jpg' },
  'a stock, which has a call of its own': { stock: 5 },
  'another owner': { owner_id: randomUUID() },
  'another id': { id: randomUUID() },
}

for (const [title, given] of Object.entries(refused)) {
  t.test(`${title} is refused by name, and nothing changes`, async (t) => {
    const before = await offer()
    const answer = await callAs(app, owner, call(before.id, { description: 'new', ...given }))
    assertRefused(t, answer, 422, 'VALIDATION_ERROR', Object.keys(given))
    t.strictSame(await productOf(app, before.id), before)
  })
}

t.test('an invalid body, or one without a change, is rejected', async (t) => {
  const { id } = await offer()
  await rejectsBodies(t, app, call(id), ['body'])
})

t.test("another user's product cannot be changed", async (t) => {
  const before = await offer()
  assertRefused(t, await callAs(app, randomUUID(), call(before.id)), 403, 'FORBIDDEN')
  t.strictSame(await productOf(app, before.id), before)
})

t.test('an unknown product is not found', async (t) => {
  assertRefused(t, await callAs(app, owner, call(randomUUID())), 404, 'NOT_FOUND')
})

t.test('a malformed id is rejected', (t) => rejectsMalformedIds(t, app, 'product_id', call))

t.test('a change without a user is rejected', async (t) => {
  const before = await offer()
  await rejectsWithoutUser(t, app, call(before.id))
  t.strictSame(await productOf(app, before.id), before)
})
