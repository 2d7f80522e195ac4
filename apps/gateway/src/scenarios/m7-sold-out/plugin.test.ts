import { randomUUID } from 'node:crypto'
import type { Scenarios } from '@flash-deal/config'
import { eachVariant, until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { newDeal, newProduct } from '../../../test/client.ts'
import { witnessed } from '../../../test/fake-auth.ts'
import {
  type Behaviour,
  fakeService,
  obliging,
  someToken,
  startGateway,
} from '../../../test/gateway-alone.ts'
import { startSystem } from '../../../test/system.ts'

const deal = { product_id: randomUUID(), deal_id: randomUUID(), quantity: 1 }
const orderOf = (...items: object[]): string => JSON.stringify({ items })

const soldOut = {
  error: 'INSUFFICIENT_STOCK',
  message: 'There is not enough stock: "1" is left.',
  details: { 'items.0.quantity': 'No units are left.' },
}

/** A service order that rejects every order like this, and obliges otherwise. */
const rejecting =
  (status: number, error: object): Behaviour =>
  (request, response) =>
    request.method === 'POST' && request.path.split('?')[0] === '/orders'
      ? response
          .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
          .end(JSON.stringify({ ...error, request_id: request.headers['x-request-id'] }))
      : obliging(request, response)

const start = async (
  t: Test,
  scenarios: Partial<Scenarios>,
  behave: Behaviour = rejecting(400, soldOut),
) => {
  // The clock stands still, so that the 50 ms do not depend on the speed of the machine.
  const clock = { now: performance.now() }
  t.intercept(performance, 'now', { value: () => clock.now })
  const order = await fakeService(t, behave)
  const { url } = await fakeService(t)
  const settings = { AUTH_URLS: url, PRODUCT_URLS: url, ORDER_URLS: order.url }
  const { app } = await startGateway(t, settings, { H5: 'optimized', ...scenarios })
  const send = async (payload: string, headers: Record<string, string> = {}, path = '/orders') => {
    const own = { authorization: `Bearer ${someToken}`, 'content-type': 'application/json' }
    return app.inject({ method: 'POST', url: path, payload, headers: { ...own, ...headers } })
  }
  const counts = () => witnessed(app, 'M7')
  /** Sends an order twice; the second is refused by the gateway itself. */
  const makeKnown = async (payload: string) => {
    const { sold_out_known: before = 0 } = await counts()
    // The clock is past the last cancellation.
    clock.now += 100
    await send(payload)
    await send(payload)
    t.equal((await counts()).sold_out_known, before + 1)
  }
  return { app, clock, order, send, counts, makeKnown }
}

type Answer = Awaited<ReturnType<Awaited<ReturnType<typeof start>>['send']>>

/** A response without what differs between two requests. */
const shown = ({ statusCode, headers, body }: Answer) => {
  const { date: _, 'x-request-id': id, ...others } = headers
  return { statusCode, others, body: body.replace(String(id), 'its own id') }
}

for (const M7 of eachVariant('M7'))
  t.test(`${M7}: every order of a sold-out deal gets the same response`, async (t) => {
    const { send, order, counts } = await start(t, { M7 })
    const first = await send(orderOf(deal))
    t.equal(first.statusCode, 400)
    t.match(first.json(), soldOut)
    for (let time = 0; time < 9; time += 1)
      t.strictSame(shown(await send(orderOf(deal))), shown(first))
    t.equal(order.received.length, M7 === 'baseline' ? 10 : 1)
    t.strictSame(await counts(), M7 === 'baseline' ? {} : { passed: 1, sold_out_known: 9 })
  })

t.test('after 10 ms one order is forwarded again, and after 50 ms every order', async (t) => {
  const forwarded = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const reject = rejecting(400, soldOut)
  let isSlow = false
  const behave: Behaviour = async (request, response) => {
    if (isSlow) {
      forwarded.resolve()
      await held.promise
    }
    return reject(request, response)
  }
  const { clock, send, order, makeKnown } = await start(t, { M7: 'optimized' }, behave)
  await makeKnown(orderOf(deal))
  const before = order.received.length
  isSlow = true
  clock.now += 10
  const second = send(orderOf(deal))
  await forwarded.promise
  t.equal((await send(orderOf(deal))).statusCode, 400)
  t.equal(order.received.length, before + 1)
  held.resolve()
  await second
  clock.now += 50
  await send(orderOf(deal))
  t.equal(order.received.length, before + 2)
})

t.test('an order that differs in anything is forwarded', async (t) => {
  const { send, order, makeKnown } = await start(t, { M7: 'optimized' })
  const different: [string, Record<string, string>?, string?][] = [
    [orderOf(deal), { 'idempotency-key': 'a' }],
    [orderOf(deal), { 'content-type': 'application/json; charset=utf-8' }],
    [orderOf(deal), { 'content-type': 'text/plain' }],
    [orderOf(deal), {}, '/orders?a=1'],
    [orderOf({ ...deal, quantity: 2 })],
    [orderOf({ ...deal, deal_id: randomUUID() })],
    [orderOf(deal, deal)],
    [`${orderOf(deal)} `],
    ['{'],
    [''],
  ]
  for (const each of different) {
    await makeKnown(orderOf(deal))
    const before = order.received.length
    await send(...each)
    t.equal(order.received.length, before + 1, JSON.stringify(each))
  }
})

const always: [string, string, number, object][] = [
  ['an order of a product', orderOf({ ...deal, deal_id: undefined }), 400, soldOut],
  ['an order of a product, with null', orderOf({ ...deal, deal_id: null }), 400, soldOut],
  ['an order of two lines', orderOf(deal, { ...deal, deal_id: randomUUID() }), 400, soldOut],
  ['a large order', `${' '.repeat(2_000)}${orderOf(deal)}`, 400, soldOut],
  ['another error', orderOf(deal), 400, { ...soldOut, error: 'MALFORMED_BODY' }],
  ['a limit', orderOf(deal), 409, { ...soldOut, error: 'PURCHASE_LIMIT_EXCEEDED' }],
  ['an unavailable service', orderOf(deal), 503, { ...soldOut, error: 'SERVICE_UNAVAILABLE' }],
]

t.test('any other rejection is not repeated', async (t) => {
  for (const [title, payload, status, error] of always) {
    const { send, order } = await start(t, { M7: 'optimized' }, rejecting(status, error))
    for (let time = 0; time < 10; time += 1) t.equal((await send(payload)).statusCode, status)
    t.equal(order.received.length, 10, title)
  }
})

t.test('a rejection that is no JSON is passed on', async (t) => {
  const behave: Behaviour = (_, response) => response.writeHead(400).end('no JSON')
  const { send } = await start(t, { M7: 'optimized' }, behave)
  for (let time = 0; time < 3; time += 1) t.equal((await send(orderOf(deal))).body, 'no JSON')
})

t.test('a client without a valid token gets 401, whatever is known', async (t) => {
  const { app, send, makeKnown } = await start(t, { M7: 'optimized', M6: 'optimized' })
  // It has auth's keys.
  await until(async () => (await app.inject('/health/ready')).statusCode === 200)
  for (const authorization of ['', 'Bearer a.b.c']) {
    await makeKnown(orderOf(deal))
    t.equal((await send(orderOf(deal), { authorization })).statusCode, 401)
  }
})

t.test('after a cancellation the next order is forwarded', async (t) => {
  const { send, order, makeKnown } = await start(t, { M7: 'optimized' })
  await makeKnown(orderOf(deal))
  const cancel = `/orders/${randomUUID()}/cancel`
  t.equal((await send('{}', {}, cancel)).statusCode, 200)
  const before = order.received.length
  await send(orderOf(deal))
  t.equal(order.received.length, before + 1)
})

t.test('a rejection from before a cancellation is not stored', async (t) => {
  const [arrived, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const reject = rejecting(400, soldOut)
  const behave: Behaviour = async (request, response) => {
    arrived.resolve()
    if (request.path === '/orders') await held.promise
    return reject(request, response)
  }
  const { clock, send, order } = await start(t, { M7: 'optimized' }, behave)
  const early = send(orderOf(deal))
  await arrived.promise
  clock.now += 1
  await send('{}', {}, `/orders/${randomUUID()}/cancel`)
  clock.now += 1
  held.resolve()
  t.equal((await early).statusCode, 400)
  const before = order.received.length
  await send(orderOf(deal))
  t.equal(order.received.length, before + 1)
})

t.test('without H5 optimized every order is forwarded', async (t) => {
  const { send, order, counts } = await start(t, { M7: 'optimized', H5: 'baseline' })
  for (let time = 0; time < 10; time += 1) {
    t.equal((await send(orderOf(deal))).statusCode, 400)
  }
  t.equal(order.received.length, 10)
  t.strictSame(await counts(), {})
})

/** Everything that stores rejections, and what it needs. */
const all = {
  ...{ M1: 'optimized', M2: 'optimized', M6: 'optimized', M8: 'optimized' },
  ...{ H1: 'optimized', H5: 'optimized' },
} satisfies Partial<Scenarios>

for (const M7 of eachVariant('M7'))
  t.test(`${M7}: cancelled units can be ordered immediately, through all services`, async (t) => {
    const { newUser } = await startSystem(t, { scenarios: { ...all, M7 } })
    const [seller, buyer, other] = [await newUser(), await newUser(), await newUser()]
    const product_id = await newProduct(seller, 5)
    const deal_id = await newDeal(seller, { product_id, deal_stock: 1 })
    const body = { items: [{ product_id, deal_id, quantity: 1 }] }
    const { body: bought } = await buyer.call('POST /orders', { body })
    for (let time = 0; time < 5; time += 1) {
      const refused = await other.call('POST /orders', { body })
      t.match(refused, { status: 400, body: { error: 'INSUFFICIENT_STOCK' } })
    }
    t.equal((await buyer.call(`POST /orders/${bought.id}/cancel`, { body: {} })).status, 200)
    t.equal((await other.call('POST /orders', { body })).status, 201)
  })
