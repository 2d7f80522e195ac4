import { randomUUID } from 'node:crypto'
import t from 'tap'
import { newDeal, newProduct, refuses, windowIn } from './client.ts'
import { startSystem } from './system.ts'

const { anybody, newUser } = await startSystem(t)
const seller = await newUser()
const buyer = await newUser()

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const stockOf = async (id: string) => (await anybody(`GET /products/${id}/stock`)).body.stock
const leftOf = async (id: string) =>
  (await anybody(`GET /products/deals/${id}`)).body.remaining_stock

const shipping_address = {
  recipient_name: 'Mina Kim',
  phone: '010-1234-5678',
  address: '12 Sejong-daero, Jung-gu, Seoul',
  address_detail: 'Room 304',
  postal_code: '04524',
}

/** A product with a deal, ten units each. */
const offer = async (deal: { per_user_limit?: number; starts_at?: string } = {}) => {
  const product_id = await newProduct(seller, 20)
  const deal_id = await newDeal(seller, { product_id, deal_stock: 10, ...deal })
  return { product_id, deal_id }
}

const buy = (items: object[], headers = {}) =>
  buyer.call('POST /orders', { body: { items }, headers })

t.test('an order can have lines of a deal and of a product, each at its price', async (t) => {
  const { product_id, deal_id } = await offer()
  const items = [
    { product_id, deal_id, quantity: 2 },
    { product_id, quantity: 1 },
  ]
  const made = await buyer.call('POST /orders', { body: { items, shipping_address } })
  t.equal(made.status, 201)
  const { id, items: lines, created_at, updated_at, ...rest } = made.body
  t.match({ id, created_at, updated_at }, { id: /-/, created_at: time, updated_at: time })
  t.strictSame(rest, {
    user_id: buyer.id,
    total_amount: 2 * 89_000 + 129_000,
    status: 'confirmed',
    shipping_address,
    cancelled_at: null,
    cancel_reason: null,
    reject_reason: null,
  })
  const product_name = 'Hanbit Headphones Pro'
  t.match(lines, [
    { product_id, deal_id, product_name, quantity: 2, unit_price: 89_000, subtotal: 178_000 },
    {
      product_id,
      deal_id: null,
      product_name,
      quantity: 1,
      unit_price: 129_000,
      subtotal: 129_000,
    },
  ])
  t.strictSame([await stockOf(product_id), await leftOf(deal_id)], [9, 8])
  const shown = await buyer.call(`GET /orders/${id}`)
  t.equal(shown.status, 200)
  t.strictSame(shown.body, made.body)
})

t.test('an order without a token is rejected, and no stock is taken', async (t) => {
  const { product_id } = await offer()
  const body = { items: [{ product_id, quantity: 1 }] }
  refuses(t, await anybody('POST /orders', { body }), 401, 'UNAUTHORIZED')
  t.equal(await stockOf(product_id), 10)
})

t.test('an order with invalid fields is rejected, and each is named', async (t) => {
  const answer = await buyer.call('POST /orders', {
    body: {
      items: [{ product_id: 'x', quantity: 0 }],
      shipping_address: { ...shipping_address, phone: '02-1', postal_code: '1' },
      price: 1,
    },
  })
  refuses(t, answer, 422, 'VALIDATION_ERROR')
  t.strictSame(Object.keys(answer.body.details).sort(), [
    'items.0.product_id',
    'items.0.quantity',
    'price',
    'shipping_address.phone',
    'shipping_address.postal_code',
  ])
})

t.test('an order of an unknown product or deal names it', async (t) => {
  const { product_id, deal_id } = await offer()
  const unknown = randomUUID()
  refuses(t, await buy([{ product_id: unknown, quantity: 1 }]), 404, 'PRODUCT_NOT_FOUND')
  const noDeal = [{ product_id, deal_id: unknown, quantity: 1 }]
  refuses(t, await buy(noDeal), 404, 'DEAL_NOT_FOUND')
  const another = [{ product_id: (await offer()).product_id, deal_id, quantity: 1 }]
  refuses(t, await buy(another), 404, 'DEAL_NOT_FOUND')
})

t.test('an order that exceeds the stock takes nothing', async (t) => {
  const { product_id, deal_id } = await offer()
  t.equal((await buy([{ product_id, quantity: 8 }])).status, 201)
  const items = [
    { product_id, deal_id, quantity: 1 },
    { product_id, quantity: 3 },
  ]
  refuses(t, await buy(items), 400, 'INSUFFICIENT_STOCK')
  t.strictSame([await stockOf(product_id), await leftOf(deal_id)], [2, 10])
})

t.test('a deal sells inside its window and up to its limit a buyer', async (t) => {
  const later = await offer(windowIn(5))
  refuses(t, await buy([{ ...later, quantity: 1 }]), 409, 'DEAL_NOT_ACTIVE')
  const limited = await offer({ per_user_limit: 2 })
  t.equal((await buy([{ ...limited, quantity: 2 }])).status, 201)
  refuses(t, await buy([{ ...limited, quantity: 1 }]), 409, 'PURCHASE_LIMIT_EXCEEDED')
  t.equal(await leftOf(limited.deal_id), 8)
})

t.test('a repeated key gets the first response byte for byte, another body 422', async (t) => {
  const { product_id } = await offer()
  const headers = { 'idempotency-key': randomUUID() }
  const first = await buy([{ product_id, quantity: 1 }], headers)
  t.equal(first.status, 201)
  const again = await buy([{ product_id, quantity: 1 }], headers)
  t.equal(again.status, 201)
  t.equal(again.text, first.text)
  const mismatch = await buy([{ product_id, quantity: 2 }], headers)
  refuses(t, mismatch, 422, 'IDEMPOTENCY_MISMATCH')
  t.equal(await stockOf(product_id), 9)
  const tooLong = await buy([{ product_id, quantity: 1 }], { 'idempotency-key': 'x'.repeat(256) })
  refuses(t, tooLong, 422, 'VALIDATION_ERROR')
})

t.test("the list has the user's orders, newest first, by page, status and time", async (t) => {
  const { product_id } = await offer()
  const someone = await newUser()
  const ids: string[] = []
  for (let count = 0; count < 3; count += 1) {
    const body = { items: [{ product_id, quantity: 1 }] }
    ids.unshift((await someone.call('POST /orders', { body })).body.id)
  }
  const first = await someone.call('GET /orders?size=2')
  t.equal(first.status, 200)
  t.match(first.body, { total: 3, page: 1, size: 2, items: [{ id: ids[0] }, { id: ids[1] }] })
  const shown = await someone.call(`GET /orders/${ids[0]}`)
  t.strictSame(first.body.items[0], shown.body)
  t.match((await someone.call('GET /orders?size=2&page=2')).body, { items: [{ id: ids[2] }] })
  t.equal((await someone.call('GET /orders?status=cancelled')).body.total, 0)
  const since = `created_from=${shown.body.created_at}`
  t.match((await someone.call(`GET /orders?${since}`)).body, { items: [{ id: ids[0] }] })
  refuses(t, await someone.call('GET /orders?status=x'), 422, 'VALIDATION_ERROR')
  refuses(t, await anybody('GET /orders'), 401, 'UNAUTHORIZED')
})

t.test('the stock of a cancelled order is returned once', async (t) => {
  const { product_id, deal_id } = await offer()
  const items = [{ product_id, deal_id, quantity: 3 }]
  const { body: order } = await buy(items)
  t.equal(await leftOf(deal_id), 7)
  const call = `POST /orders/${order.id}/cancel`
  const reason = 'Ordered by mistake.'
  const cancelled = await buyer.call(call, { body: { reason } })
  t.equal(cancelled.status, 200)
  t.match(cancelled.body, { id: order.id, status: 'cancelled', cancel_reason: reason })
  t.match(cancelled.body.cancelled_at, time)
  t.equal(await leftOf(deal_id), 10)
  refuses(t, await buyer.call(call), 400, 'INVALID_ORDER_STATE')
  t.equal(await leftOf(deal_id), 10)
  t.strictSame((await buyer.call(`GET /orders/${order.id}`)).body, cancelled.body)
})

t.test('an order can be cancelled without a body or with an empty one', async (t) => {
  const { product_id } = await offer()
  for (const headers of [{}, { 'content-type': 'application/json' }]) {
    const { body: order } = await buy([{ product_id, quantity: 1 }])
    const cancelled = await buyer.call(`POST /orders/${order.id}/cancel`, { headers })
    t.equal(cancelled.status, 200)
    t.match(cancelled.body, { status: 'cancelled', cancel_reason: null })
  }
})

t.test("another user's order can be neither read nor cancelled", async (t) => {
  const { product_id } = await offer()
  const { body: order } = await buy([{ product_id, quantity: 1 }])
  refuses(t, await seller.call(`GET /orders/${order.id}`), 403, 'FORBIDDEN')
  refuses(t, await seller.call(`POST /orders/${order.id}/cancel`), 403, 'FORBIDDEN')
  refuses(t, await anybody(`POST /orders/${order.id}/cancel`), 401, 'UNAUTHORIZED')
  t.strictSame((await buyer.call(`GET /orders/${order.id}`)).body, order)
})

t.test('a missing order is 404, an invalid id 422', async (t) => {
  for (const call of ['GET /orders/ID', 'POST /orders/ID/cancel']) {
    refuses(t, await buyer.call(call.replace('ID', randomUUID())), 404, 'NOT_FOUND')
    refuses(t, await buyer.call(call.replace('ID', '1')), 422, 'VALIDATION_ERROR')
  }
  const { body: order } = await buy([{ product_id: (await offer()).product_id, quantity: 1 }])
  const tooLong = { body: { reason: 'x'.repeat(501) } }
  refuses(t, await buyer.call(`POST /orders/${order.id}/cancel`, tooLong), 422, 'VALIDATION_ERROR')
})
