import { until } from '@flash-deal/testing'
import type { Test } from 'tap'
import { type Answer, refuses } from './client.ts'
import { eachNodeProxy, someToken } from './gateway-alone.ts'
import { startHolding } from './holding.ts'
import { get, post, rawClients } from './raw-clients.ts'

/** What counts for the limit of requests that the gateway processes or lets wait. */

const body = {}
const oneRead = { UPSTREAM_READS: '1', UPSTREAM_QUEUE_MAX: '0' }
const oneOrder = { UPSTREAM_ORDERS: '1', UPSTREAM_QUEUE_MAX: '0' }
/** Longer than any test. */
const patient = { REQUEST_TIMEOUT_MS: '120000', CLIENT_WRITE_TIMEOUT_MS: '120000' }

eachNodeProxy('a full class rejects a request before its token is verified', async (t, proxy) => {
  const settings = { UPSTREAM_ORDERS: '1', UPSTREAM_READS: '1', UPSTREAM_QUEUE_MAX: '0' }
  const { app, auth, holding, somebody } = await startHolding(t, proxy, settings)
  const running = [somebody('POST /orders', { body }), somebody('GET /orders/1')]
  await holding.until(2)
  const verifications = () => auth.received.filter(({ path }) => path === '/auth/verify').length
  const before = verifications()
  t.equal(before, 2)
  for (const call of ['POST /orders', 'POST /orders/1/cancel', 'GET /orders', 'GET /orders/1?a']) {
    refuses(
      t,
      await somebody(call, call.startsWith('POST') ? { body } : {}),
      503,
      'SERVICE_UNAVAILABLE',
    )
  }
  t.equal(verifications(), before)
  const metrics = await app.metrics.metrics()
  for (const state of ['running', 'limit'])
    t.match(metrics, `\naccepted_requests{class="orders",state="${state}"} 1\n`)
  await holding.answer(2)
  for (const { status } of await Promise.all(running)) t.equal(status, 200)
})

eachNodeProxy('a rejection before Fastify is the same as one by Fastify', async (t, proxy) => {
  const CORS_ORIGINS = 'https://shop.example'
  const settings = { UPSTREAM_CHANGES: '1', UPSTREAM_QUEUE_MAX: '0', CORS_ORIGINS }
  const { app, holding, somebody } = await startHolding(t, proxy, settings)
  const running = somebody('POST /products', { body })
  await holding.until(1)
  for (const origin of [CORS_ORIGINS, 'https://other.example']) {
    const headers = { origin, 'x-request-id': 'mine' }
    const sent = await somebody('POST /products', { body, headers })
    const injected = await app.inject({
      ...{ method: 'POST', url: '/products', payload: body },
      headers: { ...headers, authorization: `Bearer ${someToken}` },
    })
    t.equal(sent.status, 503)
    t.equal(sent.status, injected.statusCode)
    t.strictSame(sent.body, injected.json())
    const ofConnection = new Set(['date', 'connection', 'keep-alive'])
    const compared = (all: object) =>
      Object.entries(all)
        .filter(([name]) => !ofConnection.has(name))
        .map(([name, value]) => `${name}: ${value}`)
        .sort()
    t.strictSame(compared(Object.fromEntries(sent.headers)), compared(injected.headers))
  }
  await holding.answer(1)
  t.equal((await running).status, 200)
})

const untilServed = async (t: Test, send: () => Promise<Answer>): Promise<void> => {
  await until(async () => (await send()).status === 200, 'a request is served')
  t.equal((await send()).status, 200)
}

eachNodeProxy('the place of a client that disconnects is free', async (t, proxy) => {
  const { url, holding, anybody } = await startHolding(t, proxy, oneRead)
  const client = await rawClients(t, url).open(get('/products'))
  await holding.until(1)
  refuses(t, await anybody('GET /products'), 503, 'SERVICE_UNAVAILABLE')
  client.destroy()
  holding.oblige()
  await untilServed(t, () => anybody('GET /products'))
})

eachNodeProxy('pipelined requests of a client that disconnects leave nothing', async (t, proxy) => {
  const { url, holding, anybody } = await startHolding(t, proxy, oneRead)
  const client = await rawClients(t, url).open(get('/products').repeat(20))
  await holding.until(1)
  client.destroy()
  holding.oblige()
  await untilServed(t, () => anybody('GET /products'))
})

eachNodeProxy('a client that is slow to send its body takes no place', async (t, proxy) => {
  const settings = { ...oneOrder, ...patient }
  const { url, holding, somebody } = await startHolding(t, proxy, settings)
  holding.oblige()
  await rawClients(t, url).many(3, post('/orders', '{"items":[]}').slice(0, -1))
  await untilServed(t, () => somebody('POST /orders', { body }))
})

eachNodeProxy('a client that does not read its response takes no place', async (t, proxy) => {
  const settings = { ...oneRead, ...patient }
  const { url, holding, anybody } = await startHolding(t, proxy, settings)
  holding.oblige(JSON.stringify('x'.repeat(4_000_000)))
  await rawClients(t, url).open(get('/products'))
  await untilServed(t, () => anybody('GET /products'))
})
