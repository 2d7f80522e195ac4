import { randomUUID } from 'node:crypto'
import { assertRefused } from '@flash-deal/testing'
import t from 'tap'
import { adminOf, unaccounted } from './admin.ts'
import {
  callAs,
  createDeal,
  type Deal,
  dealOf,
  inMs,
  offerDeal,
  offerProduct,
  openShop,
  type Product,
  someDeal,
  stockOf,
  tally,
  time,
  together,
  uuid,
} from './client.ts'
import { rejectsBodies, rejectsWithoutUser } from './refusals.ts'

const { app, database } = await openShop(t)
const sql = adminOf(t, database)
const owner = randomUUID()

const offer = (given: object = {}): Promise<Product> => offerProduct(app, { owner, ...given })
const create = (product: Product, given: object = {}) =>
  createDeal(app, owner, someDeal(product.id, given))

const dealsOf = async ({ id }: Product): Promise<number> =>
  (await sql`select id from deals where product_id = ${id}`).length

t.test('the response is the deal with its product', async (t) => {
  const product = await offer({ description: 'Light.', category: 'Electronics' })
  const { name, price, description, category, image_url } = product
  const window = { starts_at: inMs(3_600_000), ends_at: inMs(7_200_000) }
  const given = { deal_price: 89_000, deal_stock: 50, per_user_limit: 2, ...window }
  const answer = await create(product, given)
  t.equal(answer.statusCode, 201)
  const { id, created_at, ...rest } = answer.json<Deal>()
  t.strictSame(rest, {
    ...given,
    product_id: product.id,
    product: { id: product.id, name, description, category, image_url },
    original_price: price,
    remaining_stock: 50,
    status: 'scheduled',
  })
  t.match(id, uuid)
  t.match(created_at, time)
  t.strictSame(await dealOf(app, id), answer.json())
})

t.test('its units move from the product to the deal', async (t) => {
  const product = await offer({ stock: 30 })
  const deal = await offerDeal(app, { deal_stock: 12 }, owner, product)
  t.strictSame([await stockOf(app, product.id), deal.remaining_stock], [18, 12])
  const second = await offerDeal(app, { deal_stock: 18 }, owner, product)
  t.strictSame([await stockOf(app, product.id), second.remaining_stock], [0, 18])
})

t.test('more units than the stock cannot be allocated, and no units are moved', async (t) => {
  const product = await offer({ stock: 30 })
  assertRefused(t, await create(product, { deal_stock: 31 }), 400, 'INSUFFICIENT_STOCK')
  t.strictSame([await stockOf(app, product.id), await dealsOf(product)], [30, 0])
})

t.test('concurrent deals allocate no more than the stock', async (t) => {
  const product = await offer({ stock: 50 })
  const answers = await together(8, () => create(product, { deal_stock: 10 }))
  t.strictSame(tally(answers.map(({ statusCode }) => statusCode)), { 201: 5, 400: 3 })
  t.strictSame([await stockOf(app, product.id), await dealsOf(product)], [0, 5])
})

t.test('a deal without a limit has none', async (t) => {
  const product = await offer()
  t.equal((await create(product)).json<Deal>().per_user_limit, null)
  t.equal((await create(product, { per_user_limit: null })).json<Deal>().per_user_limit, null)
})

t.test('times of any offset are stored, and returned in UTC', async (t) => {
  const window = { starts_at: '2030-01-01T09:00:00.5+09:00', ends_at: '2030-01-01T00:00:01Z' }
  const { starts_at, ends_at } = (await create(await offer(), window)).json<Deal>()
  t.strictSame([starts_at, ends_at], ['2030-01-01T00:00:00.500Z', '2030-01-01T00:00:01.000Z'])
})

const sameTime = inMs(1_000)
const windows = {
  'that ends when it starts': { starts_at: sameTime, ends_at: sameTime },
  'that ends before it starts': { starts_at: inMs(2_000), ends_at: inMs(1_000) },
  'whose times are the same at different offsets': {
    starts_at: '2030-01-01T09:00:00+09:00',
    ends_at: '2030-01-01T00:00:00Z',
  },
}

const overAlready = {
  'that was over a moment ago': { starts_at: inMs(-60_000), ends_at: inMs(-1_000) },
  'that was over long ago': {
    starts_at: '2000-01-01T00:00:00Z',
    ends_at: '2000-01-02T00:00:00Z',
  },
}

t.test('a window that is open until the year 9999 is accepted', async (t) => {
  const window = { starts_at: '9999-12-31T23:59:59.998Z', ends_at: '9999-12-31T23:59:59.999Z' }
  t.hasStrict((await create(await offer(), window)).json(), { ...window, status: 'scheduled' })
})

for (const [title, window] of Object.entries({ ...windows, ...overAlready })) {
  t.test(`a window ${title} is rejected, and no units are moved`, async (t) => {
    const product = await offer()
    assertRefused(t, await create(product, window), 422, 'VALIDATION_ERROR', ['ends_at'])
    t.strictSame([await stockOf(app, product.id), await dealsOf(product)], [100, 0])
  })
}

t.test('a window of one millisecond is valid', async (t) => {
  const window = { starts_at: '2030-01-01T00:00:00.000Z', ends_at: '2030-01-01T00:00:00.001Z' }
  t.hasStrict((await create(await offer(), window)).json(), window)
})

const most = 2_147_483_647
const accepted = {
  'a price of 0': { deal_price: 0 },
  'the highest price': { deal_price: 1_000_000_000_000 },
  'a stock of 1': { deal_stock: 1 },
  'the largest stock': { deal_stock: most },
  'a limit of 1': { per_user_limit: 1 },
  'the largest limit': { per_user_limit: most },
}

for (const [title, given] of Object.entries(accepted)) {
  t.test(`${title} is accepted`, async (t) => {
    const answer = await create(await offer({ stock: most }), given)
    t.equal(answer.statusCode, 201)
    t.hasStrict(await dealOf(app, answer.json<Deal>().id), given)
  })
}

const refused = {
  'a price below 0': { deal_price: -1 },
  'a price above the highest': { deal_price: 1_000_000_000_001 },
  'a price with a fraction': { deal_price: 0.5 },
  'a price that is null': { deal_price: null },
  'a stock of 0': { deal_stock: 0 },
  'a stock above the largest': { deal_stock: most + 1 },
  'a stock with a fraction': { deal_stock: 1.5 },
  'a stock that is text': { deal_stock: '10' },
  'a limit of 0': { per_user_limit: 0 },
  'a limit above the largest': { per_user_limit: most + 1 },
  'a limit with a fraction': { per_user_limit: 1.5 },
  'a start that is no time': { starts_at: 'tomorrow' },
  'a start without an offset': { starts_at: '2030-01-01T00:00:00' },
  'a start that is a date': { starts_at: '2030-01-01' },
  'a start in the year 0': { starts_at: '0000-01-01T00:00:00Z' },
  'an end that is a number': { ends_at: 1_893_456_000 },
  'an end on the 30th of February': { ends_at: '2030-02-30T00:00:00Z' },
  'an end in a leap second': { ends_at: '2030-06-30T23:59:60Z' },
  'a malformed product id': { product_id: 'headphones' },
  'a status of the own choice': { status: 'active' },
  'a remaining stock of the own choice': { remaining_stock: 99 },
}

for (const [title, given] of Object.entries(refused)) {
  t.test(`${title} is rejected, the field is named, and no units are moved`, async (t) => {
    const product = await offer()
    assertRefused(t, await create(product, given), 422, 'VALIDATION_ERROR', Object.keys(given))
    t.strictSame([await stockOf(app, product.id), await dealsOf(product)], [100, 0])
  })
}

t.test('invalid bodies are rejected, and every missing field is named', async (t) => {
  const fields = ['product_id', 'deal_price', 'deal_stock', 'starts_at', 'ends_at']
  await rejectsBodies(t, app, { method: 'POST', url: '/products/deals' }, fields)
})

t.test("a deal of another user's product is rejected, and no units are moved", async (t) => {
  const product = await offer()
  const stranger = randomUUID()
  const answer = await createDeal(app, stranger, someDeal(product.id))
  assertRefused(t, answer, 403, 'FORBIDDEN')
  const tooMuch = someDeal(product.id, { deal_stock: 101 })
  assertRefused(t, await createDeal(app, stranger, tooMuch), 403, 'FORBIDDEN')
  t.strictSame([await stockOf(app, product.id), await dealsOf(product)], [100, 0])
})

t.test('a deal of an unknown product is rejected, and the field is named', async (t) => {
  const product_id = randomUUID()
  const answer = await createDeal(app, owner, someDeal(product_id))
  assertRefused(t, answer, 404, 'PRODUCT_NOT_FOUND', ['product_id'])
  t.strictSame(answer.json().details, { product_id })
})

t.test('a deal without a user is rejected', async (t) => {
  const product = await offer()
  const payload = someDeal(product.id)
  await rejectsWithoutUser(t, app, { method: 'POST', url: '/products/deals', payload })
  t.strictSame([await stockOf(app, product.id), await dealsOf(product)], [100, 0])
})

t.test('an owner cannot remove the units of a deal from the product', async (t) => {
  const product = await offer({ stock: 10 })
  await offerDeal(app, { deal_stock: 4 }, owner, product)
  const url = `/products/${product.id}/stock`
  const answer = await callAs(app, owner, { method: 'PATCH', url, payload: { delta: -7 } })
  assertRefused(t, answer, 400, 'INSUFFICIENT_STOCK')
})

t.test('afterwards every unit is accounted for', async (t) => {
  t.strictSame([...(await unaccounted(sql))], [])
})
