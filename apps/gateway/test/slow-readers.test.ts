import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@flash-deal/testing'
import type { Test } from 'tap'
import { callerAt } from './client.ts'
import {
  type Behaviour,
  eachNodeProxy,
  eachProxy,
  fakeService,
  type Proxying,
  someToken,
  startObliging,
} from './gateway-alone.ts'
import { get, post, rawClients } from './raw-clients.ts'

/**
 * 100 products with descriptions of 5,000 control characters come to 3 MB. A client with a small
 * buffer for what it receives stops those; these have a large one, and get more than fits in it.
 */
const page = JSON.stringify({ text: '\u0001'.repeat(2_700_000) })
const json = { 'content-type': 'application/json' }

/** A large page, an error as long as that of an order, and short responses for everything else. */
const lengthy: Behaviour = ({ method, path, body }, response) => {
  if (method === 'POST' && body.length > 1_000) return response.writeHead(422, json).end(page)
  return response.writeHead(200, json).end(path.includes('size=100') ? page : '{"ok":true}')
}

const start = async (t: Test, proxy: Proxying, settings: Record<string, string> = {}) => {
  const service = await fakeService(t, lengthy)
  const urls = { PRODUCT_URLS: service.url, ORDER_URLS: service.url }
  const few = {
    UPSTREAM_READS: '4',
    UPSTREAM_ORDERS: '4',
    DEADLINE_MS: '60000',
    RESPONSE_LIMIT_BYTES: '20000000',
    // No slow client is disconnected during this test.
    CLIENT_WRITE_TIMEOUT_MS: '600000',
    UNREAD_LIMIT_BYTES: '1000000000',
  }
  const { url } = await startObliging(t, { ...urls, ...few, ...settings }, proxy)
  const untilAsked = async (count: number): Promise<void> => {
    while (service.received.length < count) await sleep(10)
  }
  return { url, untilAsked, anybody: callerAt(url), somebody: callerAt(url, someToken) }
}

const readsGoOn = async (t: Test, anybody: ReturnType<typeof callerAt>): Promise<void> => {
  const paths = ['/products', '/products/deals', '/products?size=100']
  const answers = await Promise.all(paths.map((path) => anybody(`GET ${path}`)))
  for (const { status } of answers) t.equal(status, 200)
  t.equal(answers.at(-1)?.text, page)
}

eachProxy('20 clients that do not read their page delay no others', async (t, proxy) => {
  const { url, untilAsked, anybody } = await start(t, proxy)
  await rawClients(t, url).many(20, get('/products?size=100'))
  await untilAsked(20)
  await readsGoOn(t, anybody)
})

eachProxy(
  '200 pages pipelined by a client that does not read them delay no others',
  async (t, proxy) => {
    const { url, untilAsked, anybody } = await start(t, proxy)
    await rawClients(t, url).open(get('/products?size=100').repeat(200))
    await untilAsked(1)
    await readsGoOn(t, anybody)
  },
)

eachProxy(
  '20 clients that do not read why their order is refused delay no order',
  async (t, proxy) => {
    const { url, untilAsked, somebody } = await start(t, proxy)
    const order = JSON.stringify({ items: Array.from({ length: 10_000 }, () => ({ q: 1 })) })
    t.ok(order.length > 80_000)
    await rawClients(t, url).many(20, post('/orders', order))
    await untilAsked(20)
    const answers = [1, 2, 3, 4, 5].map(() => somebody('POST /orders', { body: { items: [] } }))
    for (const { status } of await Promise.all(answers)) t.equal(status, 200)
  },
)

eachProxy('a client that reads nothing is disconnected at the gateway', async (t, proxy) => {
  const { url } = await start(t, proxy, { CLIENT_WRITE_TIMEOUT_MS: '200' })
  // Far more than a kernel takes for a client, in one response and in many.
  for (const count of [1, 20]) {
    const socket = await rawClients(t, url).open(get('/products?size=100').repeat(count))
    // A client that does not read notices this when it sends, here byte by byte.
    await until(() => {
      socket.write('G')
      return socket.destroyed
    })
    t.ok(socket.destroyed, `${count} responses`)
  }
})

// Envoy counts connections per listener, not per address; see H5's README.
eachNodeProxy('trusted proxies have no limit of connections per address', async (t, proxy) => {
  for (const [TRUSTED_PROXIES, isServed] of [
    ['', false],
    ['127.0.0.1', true],
    ['127.0.0.0/8', true],
  ] as const) {
    const { url } = await start(t, proxy, { CONNECTIONS_PER_ADDRESS: '2', TRUSTED_PROXIES })
    const clients = rawClients(t, url)
    await clients.many(2, get('/products'))
    const third = await clients.open(get('/products'))
    const isAnswered = await new Promise((resolve) => {
      third.resume().once('data', () => resolve(true))
      third.once('close', () => resolve(false))
    })
    t.equal(isAnswered, isServed, TRUSTED_PROXIES)
  }
})
