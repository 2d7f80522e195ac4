import { randomUUID } from 'node:crypto'
import t from 'tap'
import { newProduct, refuses } from './client.ts'
import { startSystem } from './system.ts'

const { anybody, newUser } = await startSystem(t)
const owner = await newUser()
const other = await newUser()

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const headphones = {
  name: 'Hanbit Headphones Pro',
  description: 'Light and quiet.',
  price: 129_000,
  stock: 100,
  category: 'Electronics',
  image_url: 'https://images.example.com/headphones.jpg',
}

t.test('any user can create a product, and everyone can read it', async (t) => {
  const made = await owner.call('POST /products', { body: headphones })
  t.equal(made.status, 201)
  const { id, created_at, updated_at, ...rest } = made.body
  t.strictSame(rest, headphones)
  t.match({ created_at, updated_at }, { created_at: time, updated_at: time })
  const shown = await anybody(`GET /products/${id}`)
  t.equal(shown.status, 200)
  t.strictSame(shown.body, made.body)
  const stock = await anybody(`GET /products/${id}/stock`)
  t.equal(stock.status, 200)
  t.strictSame(stock.body, { product_id: id, stock: 100, updated_at })
})

t.test('without a token nothing is offered or changed', async (t) => {
  const id = await newProduct(owner, 5)
  for (const call of ['POST /products', `PATCH /products/${id}`, `PATCH /products/${id}/stock`])
    refuses(t, await anybody(call, { body: { price: 1 } }), 401, 'UNAUTHORIZED')
  t.match((await anybody(`GET /products/${id}`)).body, { price: 129_000, stock: 5 })
})

t.test('a product with invalid fields is rejected, and each is named', async (t) => {
  const body = { name: '', price: -1, stock: '1', owner: 'me' }
  const answer = await owner.call('POST /products', { body })
  refuses(t, answer, 422, 'VALIDATION_ERROR')
  t.strictSame(Object.keys(answer.body.details).sort(), ['name', 'owner', 'price', 'stock'])
})

t.test('the list has pages, newest first, and can be filtered by category', async (t) => {
  const category = randomUUID()
  const ids: string[] = []
  for (let count = 0; count < 3; count += 1) {
    const body = { ...headphones, category }
    ids.unshift((await owner.call('POST /products', { body })).body.id)
  }
  const first = await anybody(`GET /products?category=${category}&size=2`)
  t.equal(first.status, 200)
  t.match(first.body, { total: 3, page: 1, size: 2, items: [{ id: ids[0] }, { id: ids[1] }] })
  const second = await anybody(`GET /products?category=${category}&size=2&page=2`)
  t.strictSame(
    second.body.items.map(({ id }: { id: string }) => id),
    [ids[2]],
  )
  const shown = await anybody(`GET /products/${ids[2]}`)
  t.strictSame(second.body.items, [shown.body])
})

t.test('an invalid page is rejected', async (t) => {
  for (const query of ['page=0', 'size=0', 'size=101', 'size=Infinity', 'page=1e999', 'page=x']) {
    const answer = await anybody(`GET /products?${query}`)
    refuses(t, answer, 422, 'VALIDATION_ERROR')
    t.strictSame(Object.keys(answer.body.details), [query.split('=')[0]])
  }
})

t.test('only the owner can update a product', async (t) => {
  const id = await newProduct(owner, 5)
  const call = `PATCH /products/${id}`
  refuses(t, await other.call(call, { body: { price: 1 } }), 403, 'FORBIDDEN')
  refuses(t, await owner.call(call, { body: {} }), 422, 'VALIDATION_ERROR')
  refuses(t, await owner.call(call, { body: { stock: 9 } }), 422, 'VALIDATION_ERROR')
  const changed = await owner.call(call, { body: { price: 119_000, description: null } })
  t.equal(changed.status, 200)
  t.match(changed.body, { id, price: 119_000, description: null, stock: 5 })
  t.strictSame((await anybody(`GET /products/${id}`)).body, changed.body)
})

t.test('the owner can add stock, and remove as much as there is', async (t) => {
  const id = await newProduct(owner, 5)
  const call = `PATCH /products/${id}/stock`
  refuses(t, await other.call(call, { body: { delta: 1 } }), 403, 'FORBIDDEN')
  refuses(t, await owner.call(call, { body: { delta: -6 } }), 400, 'INSUFFICIENT_STOCK')
  refuses(t, await owner.call(call, { body: { delta: 0 } }), 422, 'VALIDATION_ERROR')
  const taken = await owner.call(call, { body: { delta: -5 } })
  t.equal(taken.status, 200)
  t.match(taken.body, { product_id: id, stock: 0, updated_at: time })
  t.match((await owner.call(call, { body: { delta: 7 } })).body, { stock: 7 })
  t.match((await anybody(`GET /products/${id}/stock`)).body, { product_id: id, stock: 7 })
})

t.test('a missing product is 404, an invalid id 422', async (t) => {
  for (const path of [`/products/${randomUUID()}`, `/products/${randomUUID()}/stock`])
    refuses(t, await anybody(`GET ${path}`), 404, 'NOT_FOUND')
  const body = { delta: 1 }
  const missing = `PATCH /products/${randomUUID()}/stock`
  refuses(t, await owner.call(missing, { body }), 404, 'NOT_FOUND')
  const price = { body: { price: 1 } }
  refuses(t, await owner.call(`PATCH /products/${randomUUID()}`, price), 404, 'NOT_FOUND')
  for (const id of ['1', 'x'.repeat(300), `${randomUUID()}x`])
    refuses(t, await anybody(`GET /products/${id}`), 422, 'VALIDATION_ERROR')
})

t.test('HEAD has the response of GET without a body', async (t) => {
  const id = await newProduct(owner, 5)
  for (const path of ['/products', `/products/${id}`, '/health', '/products/health']) {
    const answer = await anybody(`HEAD ${path}`)
    t.equal(answer.status, 200, path)
    t.equal(answer.text, '')
  }
  t.equal((await anybody(`HEAD /products/${randomUUID()}`)).status, 404)
})
