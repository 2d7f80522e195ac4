import { once } from 'node:events'
import { until } from '@flash-deal/testing'
import type { RouteClass } from '../src/domain/route-class.ts'
import { callerAt, refuses } from './client.ts'
import { eachNodeProxy, eachProxy, fakeService, startObliging } from './gateway-alone.ts'
import { startHolding } from './holding.ts'
import { get, post, rawClients } from './raw-clients.ts'

const json = { 'content-type': 'application/json' }
const body = {}

type Waiting = Awaited<ReturnType<typeof startHolding>>['waiting']

const untilWaiting = (waiting: Waiting, name: RouteClass, count: number): Promise<void> =>
  until(async () => (await waiting(name)) === count, `${count} ${name} wait`)

eachProxy(
  'beyond its places and its queue a class responds 503 immediately, with Retry-After',
  async (t, proxy) => {
    const settings = { UPSTREAM_READS: '1', UPSTREAM_QUEUE_MAX: '1' }
    const { waiting: inQueue, holding, anybody } = await startHolding(t, proxy, settings)
    const running = anybody('GET /products')
    await holding.until(1)
    const waiting = anybody('GET /products')
    await untilWaiting(inQueue, 'reads', 1)
    const shed = await anybody('GET /products')
    refuses(t, shed, 503, 'SERVICE_UNAVAILABLE')
    t.equal(shed.headers.get('retry-after'), '1')
    await holding.answer(1)
    await holding.answer(1)
    for (const { status } of await Promise.all([running, waiting])) t.equal(status, 200)
  },
)

eachNodeProxy(
  'a request that waits past its deadline is rejected and never forwarded',
  async (t, proxy) => {
    const { holding, somebody } = await startHolding(t, proxy, {
      UPSTREAM_ORDERS: '1',
      DEADLINE_MS: '2000',
    })
    const asked = [somebody('POST /orders', { body }), somebody('POST /orders', { body })]
    const [shed, late] = (await Promise.all(asked)).toSorted((a, b) => a.status - b.status)
    if (shed) refuses(t, shed, 503, 'SERVICE_UNAVAILABLE')
    if (late) refuses(t, late, 504, 'DEADLINE_EXCEEDED')
    t.equal(holding.held.length, 1)
  },
)

eachProxy('a full class does not delay the others', async (t, proxy) => {
  const settings = { UPSTREAM_LOGINS: '1', UPSTREAM_LOGINS_QUEUE_MAX: '1', UPSTREAM_CHANGES: '1' }
  const { waiting, holding, anybody, somebody } = await startHolding(t, proxy, settings)
  const login = () => anybody('POST /auth/login', { body })
  // One after the other: in Envoy a request also waits while its connection is being opened.
  const full = [login()]
  await holding.until(1)
  full.push(login(), somebody('POST /products', { body }))
  await holding.until(2)
  await untilWaiting(waiting, 'logins', 1)
  for (const path of ['register', 'login', 'refresh'])
    refuses(t, await anybody(`POST /auth/${path}`, { body }), 503, 'SERVICE_UNAVAILABLE')
  const others = [
    anybody('GET /products'),
    somebody('GET /orders'),
    somebody('POST /orders', { body }),
  ]
  await holding.answer(5)
  await holding.answer(1)
  for (const { status } of await Promise.all([...full, ...others])) t.equal(status, 200)
})

eachNodeProxy('clients take turns in the queue of a class', async (t, proxy) => {
  const settings = { UPSTREAM_READS: '1', TRUSTED_PROXIES: '127.0.0.1' }
  const { waiting, holding, anybody } = await startHolding(t, proxy, settings)
  const from = (address: string, page: number) =>
    anybody(`GET /products?page=${page}`, { headers: { 'x-forwarded-for': address } })
  const asked = [from('10.0.0.1', 1)]
  await holding.until(1)
  for (const page of [2, 3, 4]) {
    asked.push(from('10.0.0.1', page))
    await untilWaiting(waiting, 'reads', page - 1)
  }
  asked.push(from('10.0.0.2', 5))
  await untilWaiting(waiting, 'reads', 4)
  const pages: string[] = []
  for (let turn = 0; turn < asked.length; turn += 1) {
    const [held] = await holding.until(1)
    pages.push(held?.req.url?.at(-1) ?? '')
    await holding.answer(1)
  }
  for (const { status } of await Promise.all(asked)) t.equal(status, 200)
  t.strictSame(pages, ['1', '2', '5', '3', '4'])
})

// Envoy ends both.
eachNodeProxy('a client that hangs up ends its read, not its order', async (t, proxy) => {
  const { url, holding } = await startHolding(t, proxy, {})
  const clients = rawClients(t, url)
  const order = await clients.open(post('/orders', '{}'))
  const [ordered] = await holding.until(1)
  const read = await clients.open(get('/products'))
  const [, asked] = await holding.until(2)
  for (const socket of [order, read]) socket.destroy()
  if (asked && !asked.closed) await once(asked, 'close')
  t.notOk(ordered?.closed)
  ordered?.end('{}')
  if (ordered) await once(ordered, 'finish')
})

eachProxy('a client that hangs up while it waits is not sent on', async (t, proxy) => {
  const { waiting, url, holding, somebody } = await startHolding(t, proxy, { UPSTREAM_ORDERS: '1' })
  const running = somebody('POST /orders', { body })
  await holding.until(1)
  const gone = await rawClients(t, url).open(post('/orders', '{}'))
  await untilWaiting(waiting, 'orders', 1)
  gone.destroy()
  await untilWaiting(waiting, 'orders', 0)
  await holding.answer(1)
  t.equal((await running).status, 200)
  t.equal(holding.held.length, 0)
})

eachProxy('a client that hangs up ends its read at the service', async (t, proxy) => {
  const { url, holding } = await startHolding(t, proxy, {})
  const client = await rawClients(t, url).open(get('/products'))
  const [asked] = await holding.until(1)
  client.destroy()
  if (asked && !asked.closed) await once(asked, 'close')
  t.ok(asked?.closed)
})

// Envoy streams responses of any size.
eachNodeProxy('a response that is too large is 503 and not retried', async (t, proxy) => {
  const service = await fakeService(t, (_, response) =>
    response
      .writeHead(200, { ...json, etag: '"1"', 'cache-control': 'max-age=1' })
      .end('x'.repeat(70_000)),
  )
  const settings = { PRODUCT_URLS: service.url, RESPONSE_LIMIT_BYTES: '65536' }
  const { url } = await startObliging(t, settings, proxy)
  const answer = await callerAt(url)('GET /products')
  refuses(t, answer, 503, 'SERVICE_UNAVAILABLE')
  t.notOk(answer.headers.has('cache-control'), 'nothing of the response stands in its place')
  t.equal(service.received.length, 1)
})

for (const [what, headers] of Object.entries({
  'a body that does not end within the deadline': { ...json, 'content-length': '100' },
  'an event stream, which never ends,': { 'content-type': 'text/event-stream' },
}))
  eachProxy(`${what} is 504 or cut off, never taken for whole`, async (t, proxy) => {
    const service = await fakeService(t, (_, response) =>
      response.writeHead(200, headers).write('data: {'),
    )
    const settings = { PRODUCT_URLS: service.url, DEADLINE_MS: '300' }
    const { url } = await startObliging(t, settings, proxy)
    const answer = callerAt(url)('GET /products')
    if (proxy.H5 === 'envoy') await t.rejects(answer, { message: 'terminated' })
    else refuses(t, await answer, 504, 'DEADLINE_EXCEEDED')
  })

eachNodeProxy('the call to auth has the remaining time as its deadline', async (t, proxy) => {
  const { auth, holding, somebody } = await startHolding(t, proxy, { DEADLINE_MS: '4000' })
  const asked = somebody('GET /orders')
  await holding.answer(1)
  t.equal((await asked).status, 200)
  const [verified] = auth.received
  t.match(verified?.headers, { 'x-deadline-ms': /^\d{1,4}$/, 'x-internal-key': /./ })
  t.ok(Number(verified?.headers['x-deadline-ms']) <= 4_000)
})
