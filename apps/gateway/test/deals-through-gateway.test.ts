import { randomUUID } from 'node:crypto'
import t from 'tap'
import { newDeal, newProduct, refuses, windowIn } from './client.ts'
import { startSystem } from './system.ts'

const { anybody, newUser } = await startSystem(t)
const owner = await newUser()
const other = await newUser()

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const stockOf = async (id: string) => (await anybody(`GET /products/${id}/stock`)).body.stock

t.test('the owner offers a deal: its units move from the product to it', async (t) => {
  const product_id = await newProduct(owner, 10)
  const wanted = { product_id, deal_price: 89_000, deal_stock: 4, per_user_limit: 2, ...windowIn() }
  const made = await owner.call('POST /products/deals', { body: wanted })
  t.equal(made.status, 201)
  const { id, created_at, product, ...rest } = made.body
  t.match(created_at, time)
  t.match(product, { id: product_id, name: 'Hanbit Headphones Pro' })
  t.strictSame(rest, { ...wanted, original_price: 129_000, remaining_stock: 4, status: 'active' })
  t.equal(await stockOf(product_id), 6)
  const shown = await anybody(`GET /products/deals/${id}`)
  t.equal(shown.status, 200)
  t.strictSame(shown.body, made.body)
})

t.test('a deal needs an owner, stock and a product', async (t) => {
  const product_id = await newProduct(owner, 10)
  const body = { product_id, deal_price: 1, deal_stock: 11, ...windowIn() }
  const call = 'POST /products/deals'
  refuses(t, await anybody(call, { body }), 401, 'UNAUTHORIZED')
  refuses(t, await other.call(call, { body }), 403, 'FORBIDDEN')
  refuses(t, await owner.call(call, { body }), 400, 'INSUFFICIENT_STOCK')
  const missing = { ...body, product_id: randomUUID() }
  refuses(t, await owner.call(call, { body: missing }), 404, 'PRODUCT_NOT_FOUND')
  t.equal(await stockOf(product_id), 10)
})

t.test('a deal with invalid fields, or with an end before its start, is rejected', async (t) => {
  const product_id = await newProduct(owner, 10)
  const right = { product_id, deal_price: 1, deal_stock: 1, ...windowIn() }
  const call = 'POST /products/deals'
  const wrong = { ...right, deal_price: -1, deal_stock: 0, per_user_limit: 0, starts_at: 'soon' }
  const answer = await owner.call(call, { body: wrong })
  refuses(t, answer, 422, 'VALIDATION_ERROR')
  const names = ['deal_price', 'deal_stock', 'per_user_limit', 'starts_at']
  t.strictSame(Object.keys(answer.body.details).sort(), names)
  const backwards = { ...right, starts_at: right.ends_at, ends_at: right.starts_at }
  refuses(t, await owner.call(call, { body: backwards }), 422, 'VALIDATION_ERROR')
  t.equal(await stockOf(product_id), 10)
})

t.test('the list has the deals in their window, or those with a status', async (t) => {
  const product_id = await newProduct(owner, 10)
  const active = await newDeal(owner, { product_id, deal_stock: 1 })
  const scheduled = await newDeal(owner, { product_id, deal_stock: 1, ...windowIn(5) })
  const listed = async (query: string): Promise<string[]> => {
    const answer = await anybody(`GET /products/deals?size=100${query}`)
    t.equal(answer.status, 200)
    t.match(answer.body, { page: 1, size: 100 })
    return answer.body.items.map(({ id }: { id: string }) => id)
  }
  const now = await listed('')
  t.ok(now.includes(active) && !now.includes(scheduled))
  t.ok((await listed('&status=active')).includes(active))
  t.ok((await listed('&status=scheduled')).includes(scheduled))
  t.notOk((await listed('&status=ended')).includes(active))
  const shown = await anybody(`GET /products/deals?size=1&page=1`)
  t.match(shown.body, { size: 1, items: { length: 1 } })
  refuses(t, await anybody('GET /products/deals?status=x'), 422, 'VALIDATION_ERROR')
})

t.test('a missing deal is 404, an invalid id 422', async (t) => {
  refuses(t, await anybody(`GET /products/deals/${randomUUID()}`), 404, 'NOT_FOUND')
  refuses(t, await anybody('GET /products/deals/1'), 422, 'VALIDATION_ERROR')
})
