import { randomUUID } from 'node:crypto'
import { assertRefused } from '@flash-deal/testing'
import t from 'tap'
import { adminOf } from './admin.ts'
import {
  callAs,
  openShop,
  type Product,
  type ProductPage,
  productOf,
  someProduct,
  stockOf,
  time,
  uuid,
} from './client.ts'
import { rejectsBodies, rejectsWithoutUser } from './refusals.ts'

const { app, database } = await openShop(t)
const sql = adminOf(t, database)
const call = { method: 'POST', url: '/products' } as const

const create = (given: object = {}) =>
  callAs(app, randomUUID(), { ...call, payload: someProduct(given) })

t.test('the response is the created product', async (t) => {
  const given = {
    name: 'Hanbit Headphones Pro',
    description: 'Light and quiet.',
    price: 129_000,
    stock: 100,
    category: 'Electronics',
    image_url: 'https://images.example.com/headphones.jpg',
  }
  const answer = await create(given)
  t.equal(answer.statusCode, 201)
  const { id, created_at, updated_at, ...rest } = answer.json<Product>()
  t.strictSame(rest, given)
  t.match(id, uuid)
  t.match(created_at, time)
  t.equal(updated_at, created_at)
  t.strictSame(await productOf(app, id), answer.json())
})

t.test('omitted fields are null', async (t) => {
  const { description, category, image_url } = (await create()).json<Product>()
  t.strictSame([description, category, image_url], [null, null, null])
})

t.test('the user who creates it is its owner', async (t) => {
  const owner = randomUUID()
  const { id } = (await callAs(app, owner, { ...call, payload: someProduct() })).json<Product>()
  const change = { method: 'PATCH', url: `/products/${id}`, payload: { price: 1 } } as const
  t.equal((await callAs(app, owner, change)).statusCode, 200)
  assertRefused(t, await callAs(app, randomUUID(), change), 403, 'FORBIDDEN')
})

t.test('two products may have the same fields', async (t) => {
  t.not((await create()).json<Product>().id, (await create()).json<Product>().id)
})

t.test('a new product can be ordered and is listed immediately', async (t) => {
  const category = randomUUID()
  const { id } = (await create({ category, stock: 7 })).json<Product>()
  t.equal(await stockOf(app, id), 7)
  const { items } = (await app.inject(`/products?category=${category}`)).json<ProductPage>()
  t.strictSame(
    items.map((item) => item.id),
    [id],
  )
})

const address = (length: number): string =>
  `https://images.example.com/${'x'.repeat(length - 'https://images.example.com/'.length)}`

const accepted = {
  'a name of 1 character': { name: 'x' },
  'a name of 200 characters': { name: 'x'.repeat(200) },
  'a name of 200 characters beyond the basic plane': { name: '🎧'.repeat(200) },
  'a price of 0': { price: 0 },
  'the highest price': { price: 1_000_000_000_000 },
  'a stock of 0': { stock: 0 },
  'the largest stock': { stock: 2_147_483_647 },
  'a description of 5000 characters': { description: '비'.repeat(5000) },
  'an empty description': { description: '' },
  'a category of 50 characters': { category: 'x'.repeat(50) },
  'an address of 2048 characters': { image_url: address(2048) },
  'null for all that may be': { description: null, category: null, image_url: null },
  'text that looks like SQL': { name: "'; drop table products; --", description: '$1 \\ "' },
}

for (const [title, given] of Object.entries(accepted)) {
  t.test(`${title} is stored unchanged`, async (t) => {
    const answer = await create(given)
    t.equal(answer.statusCode, 201)
    t.hasStrict(await productOf(app, answer.json<Product>().id), given)
  })
}

const refused = {
  'an empty name': { name: '' },
  'a name of 201 characters': { name: 'x'.repeat(201) },
  'a name that is null': { name: null },
  'a name that is a number': { name: 1 },
  'a name with NUL in it': { name: 'Head\0phones' },
  'a name with half a surrogate pair': { name: 'Head \uD83C' },
  'a price below 0': { price: -1 },
  'a price above the highest': { price: 1_000_000_000_001 },
  'a price with a fraction': { price: 0.5 },
  'a price that is text': { price: '129000' },
  'a stock below 0': { stock: -1 },
  'a stock above the largest': { stock: 2_147_483_648 },
  'a stock with a fraction': { stock: 1.5 },
  'a stock that is text': { stock: '1' },
  'a description of 5001 characters': { description: 'x'.repeat(5001) },
  'a description with NUL in it': { description: '\0' },
  'a category of 51 characters': { category: 'x'.repeat(51) },
  'a category with half a surrogate pair': { category: '\uDFA7' },
  'an invalid URL': { image_url: 'headphones.jpg' },
  'a URL without a host': { image_url: 'http://' },
  'an address that is a script': { image_url: 'javascript:alert(1)' },
  'an address of 2049 characters': { image_url: address(2049) },
  'an id of the own choice': { id: randomUUID() },
  "somebody else's id": { owner_id: randomUUID() },
}

const countProducts = async (): Promise<number> => (await sql`select id from products`).length

for (const [title, given] of Object.entries(refused)) {
  t.test(`${title} is rejected, the field is named, and no product is created`, async (t) => {
    const before = await countProducts()
    assertRefused(t, await create(given), 422, 'VALIDATION_ERROR', Object.keys(given))
    t.equal(await countProducts(), before)
  })
}

t.test('all invalid fields are reported together', async (t) => {
  const fields = ['extra', 'name', 'price', 'stock']
  const answer = await create({ name: '', price: -1, stock: null, extra: 1 })
  assertRefused(t, answer, 422, 'VALIDATION_ERROR', fields)
})

t.test('invalid bodies are rejected, and every missing field is named', async (t) => {
  await rejectsBodies(t, app, call, ['name', 'price', 'stock'])
})

t.test('a product without a user is rejected', async (t) => {
  const before = await countProducts()
  await rejectsWithoutUser(t, app, { ...call, payload: someProduct() })
  t.equal(await countProducts(), before)
})
