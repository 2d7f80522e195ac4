import { randomUUID } from 'node:crypto'
import { asService, asUser } from '@flash-deal/testing'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { goOrder, hasGo } from '../go-process.ts'
import {
  brokenInvariants,
  buy,
  callAsService,
  cancel,
  type NewOrder,
  type Order,
  offerDeal,
  offerProduct,
  openShop,
  read,
  reservationOf,
  settle,
  statusOf,
  units,
} from '../order-and-product.ts'

/** Order in Node and order in Go on the same database, in front of the same product. */

if (!hasGo) {
  t.test('order in Node and in Go', { skip: 'Go is not installed.' }, async () => {})
} else {
  const shop = await openShop(t)
  const optionsOf = () => ({
    database: shop.database,
    settings: { PRODUCT_URLS: shop.toProduct.url },
  })
  const node = shop.order
  const go = await goOrder(t, optionsOf())
  const pairs: [string, FastifyInstance, FastifyInstance][] = [
    ['Node, then Go', node, go],
    ['Go, then Node', go, node],
  ]
  const user = randomUUID()

  const awkward = 'a<b>&"\\u2028 \u2028\u2029\\ \b\f\n\t\u007f\u0001 / é 😀'
  const address = {
    recipient_name: awkward,
    phone: '010-1234-5678',
    address: awkward.repeat(4),
    postal_code: '04524',
  }

  for (const [which, one, other] of pairs) {
    t.test(`${which}: the response stored under a key is repeated byte for byte`, async (t) => {
      const deal = await offerDeal(shop)
      const body: NewOrder = { items: [deal], shipping_address: address }
      const key = randomUUID()
      const first = await buy(one, user, body, key)
      t.equal(first.statusCode, 201)
      const again = await buy(other, user, body, key)
      t.equal(again.statusCode, 201)
      t.ok(again.body === first.body, 'the same bytes')
      t.equal(again.headers['content-type'], first.headers['content-type'])
      const mismatch = await buy(other, user, { items: [deal] }, key)
      t.strictSame([mismatch.statusCode, mismatch.json().error], [422, 'IDEMPOTENCY_MISMATCH'])
    })

    t.test(`${which}: the key of an order that is still pending gets 202 again`, async (t) => {
      const [key, order] = [randomUUID(), units(await offerProduct(shop))]
      const { id } = (await buy(one, user, order, key)).json<Order>()
      // As if the order had been accepted with H2.
      await shop.sql`
        update orders.claims
        set answer = replace(answer, '"status":"confirmed"', '"status":"pending"')
        where key = ${key}`
      for (const app of [one, other]) {
        const again = await buy(app, user, order, key)
        t.equal(again.statusCode, 202)
        t.equal(again.headers.location, `/orders/${id}`)
      }
    })

    t.test(`${which}: an order is read, cancelled and listed as it was stored`, async (t) => {
      const buyer = randomUUID()
      const body = { ...units(await offerProduct(shop), 2), shipping_address: address }
      const { id } = (await buy(one, buyer, body)).json<Order>()
      const [left, right] = [await read(one, buyer, id), await read(other, buyer, id)]
      t.ok(left.body === right.body, 'it is the same for both')
      const cancelled = await cancel(other, buyer, id, { reason: awkward })
      t.equal(cancelled.statusCode, 200)
      t.strictSame((await read(one, buyer, id)).json(), cancelled.json())
      const url = '/orders?status=cancelled'
      const lists = await Promise.all(
        [one, other].map((app) => app.inject({ url, headers: asUser(buyer) })),
      )
      t.strictSame(lists[0]?.json(), lists[1]?.json())
      t.equal(await reservationOf(shop, id), 'released')
    })

    t.test(`${which}: an id that one makes void stays void for the other`, async (t) => {
      const order_ids = [
        randomUUID(),
        (await buy(one, user, units(await offerProduct(shop)))).json<Order>().id,
      ]
      const answers = [one, other].map((app) =>
        callAsService(app, '/internal/orders/resolve', { order_ids }),
      )
      const [first, second] = await Promise.all(answers)
      t.equal(first?.body, second?.body)
      t.equal(await statusOf(shop, String(order_ids[0])), 'void')
      t.match(first?.json(), { results: [{ outcome: 'void' }, { outcome: 'confirmed' }] })
    })

    t.test(`${which}: the events of one are delivered by the other`, async (t) => {
      const { id } = (await buy(one, user, units(await offerProduct(shop)))).json<Order>()
      t.equal(await reservationOf(shop, id), 'held')
      await shop.sql`update orders.outbox set next_attempt_at = now()`
      await other.relayOutbox()
      t.equal(await reservationOf(shop, id), 'confirmed')
    })
  }

  t.test('both give the same response to the same request', async (t) => {
    const product = await offerProduct(shop, { stock: 0 })
    const mine = { ...asUser(user), 'content-type': 'application/json' }
    const line = { product_id: product, quantity: 1 }
    const post = (payload: unknown, headers: object = mine, url = '/orders'): InjectOptions => ({
      method: 'POST',
      url,
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
      headers: { ...headers },
    })
    const get = (url: string, headers: object = mine): InjectOptions => ({
      url,
      headers: { ...headers },
    })
    const requests: InjectOptions[] = [
      post({ items: [line] }),
      post({ items: [{ ...line, quantity: 1.0 }] }),
      post('{"items":[{"product_id":"x","quantity":1e0}]}'),
      post({ items: [{ ...line, quantity: 11, x: 1 }], y: 2 }),
      post({ items: [] }),
      post({ items: Array.from({ length: 11 }, () => line) }),
      post({}),
      post([]),
      post('null'),
      post(''),
      post('{"items":'),
      post('{"__proto__":{}}'),
      post({ items: [{ product_id: randomUUID(), quantity: 1 }] }),
      post({ items: [{ ...line, deal_id: randomUUID() }] }),
      post({ items: [line], shipping_address: { ...address, phone: '1', postal_code: '1' } }),
      post({ items: [line], shipping_address: { ...address, address: 'x\0' } }),
      post(`"${'x'.repeat(131_072)}"`),
      post({ items: [line] }, { ...mine, 'content-type': 'text/plain' }),
      post({ items: [line] }, { ...mine, 'idempotency-key': 'é' }),
      post({ items: [line] }, { ...mine, 'idempotency-key': 'x'.repeat(256) }),
      post({ items: [line] }, { 'content-type': 'application/json' }),
      post({ items: [line] }, { ...mine, 'x-internal-key': 'wrong' }),
      get('/orders'),
      get('/orders?page=2&size=1'),
      get(
        '/orders?page=0&size=101&status=lost&created_from=yesterday&created_to=1999-01-01T00:00:00Z',
      ),
      get('/orders?page=1.5&size=0x10'),
      get('/orders?page=1&page=2'),
      get('/orders?status=%ff'),
      get('/orders?created_from=2026-02-30T00:00:00Z'),
      get('/orders?created_from=2020-01-01T00:00:00%2B09:00&created_to=2999-12-31T23:59:59.999Z'),
      get('/orders', {}),
      get(`/orders/${randomUUID()}`),
      get('/orders/x'),
      get('/orders/x', {}),
      post({ reason: 'x'.repeat(501) }, mine, `/orders/${randomUUID()}/cancel`),
      post({ reason: 1 }, mine, `/orders/${randomUUID()}/cancel`),
      post('null', mine, `/orders/${randomUUID()}/cancel`),
      post({}, mine, `/orders/${randomUUID()}/cancel`),
      post({ order_ids: [] }, asService(), '/internal/orders/resolve'),
      post({ order_ids: ['x'] }, mine, '/internal/orders/resolve'),
      post({ order_ids: [randomUUID()] }, {}, '/internal/orders/resolve'),
      { method: 'DELETE', url: '/orders' },
      { method: 'PUT', url: `/orders/${randomUUID()}` },
      get('/nothing'),
      get('/health/ready'),
    ]
    for (const request of requests) {
      const [left, right] = await Promise.all([node.inject(request), go.inject(request)])
      const name = `${request.method ?? 'GET'} ${String(request.url)} ${String(request.payload ?? '').slice(0, 60)}`
      t.strictSame(plain(right), plain(left), name)
    }
  })

  t.test('afterwards every invariant holds', async (t) => {
    await settle(shop)
    t.strictSame(await brokenInvariants(shop), [])
  })
}

/** The parts of a response that do not differ between requests. */
const plain = ({ statusCode, headers, body }: LightMyRequestResponse): object => {
  const { error, message, details, ...rest } = JSON.parse(body || '{}')
  delete rest.request_id
  const compared = ['content-type', 'retry-after', 'www-authenticate', 'allow', 'cache-control']
  const kept = Object.fromEntries(compared.map((name) => [name, headers[name]]))
  return { statusCode, ...kept, error, message, details, rest }
}
