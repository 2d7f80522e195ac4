import type { Test } from 'tap'
import { callerAt, refuses } from './client.ts'
import {
  type Behaviour,
  eachNodeProxy,
  eachProxy,
  fakeService,
  nowhere,
  type Proxying,
  someToken,
  startGateway,
  startObliging,
  user,
} from './gateway-alone.ts'

/** The gateway with an auth that accepts all tokens, and services whose behaviour the test defines. */
const startBefore = async (
  t: Test,
  proxy: Proxying,
  behave: Behaviour,
  settings: Record<string, string> = {},
) => {
  const service = await fakeService(t, behave)
  const urls = { PRODUCT_URLS: service.url, ORDER_URLS: service.url }
  const { url } = await startObliging(t, { ...urls, ...settings }, proxy)
  return { service, anybody: callerAt(url), somebody: callerAt(url, someToken) }
}

const body = { items: [] }
const silent: Behaviour = () => {}
const resetting: Behaviour = ({ drop }) => drop()

eachProxy('an unavailable service is 503 with Retry-After', async (t, proxy) => {
  const urls = { PRODUCT_URLS: nowhere, ORDER_URLS: nowhere }
  const { url } = await startObliging(t, urls, proxy)
  for (const call of ['GET /products', 'GET /orders', 'POST /orders']) {
    const answer = await callerAt(url, someToken)(call, call.startsWith('POST') ? { body } : {})
    refuses(t, answer, 503, 'SERVICE_UNAVAILABLE')
    t.equal(answer.headers.get('retry-after'), '1')
    t.notMatch(answer.text, '127.0.0.1', 'and says nothing of its address')
  }
})

eachProxy(
  'if auth is unavailable, protected operations are 503, not 401, and others work',
  async (t, proxy) => {
    const { url } = await startObliging(t, { AUTH_URLS: nowhere }, proxy)
    const somebody = callerAt(url, someToken)
    refuses(t, await somebody('GET /orders'), 503, 'SERVICE_UNAVAILABLE')
    refuses(t, await callerAt(url)('GET /orders'), 401, 'UNAUTHORIZED')
    t.equal((await somebody('GET /products')).status, 200)
  },
)

eachNodeProxy(
  'if auth fails or sends an invalid response, protected operations are 503',
  async (t, proxy) => {
    const answers: Record<string, Behaviour> = {
      'Bearer fails': (_, response) => response.writeHead(500).end('{}'),
      'Bearer nobody': (_, response) => response.end('{"valid":true}'),
      'Bearer words': (_, response) => response.end('<html>'),
      'Bearer resets': resetting,
    }
    const auth = await fakeService(t, (request, response) =>
      answers[request.headers.authorization ?? '']?.(request, response),
    )
    const { url, order } = await startObliging(t, { AUTH_URLS: auth.url }, proxy)
    for (const authorization of Object.keys(answers)) {
      const answer = await callerAt(url)('GET /orders', { headers: { authorization } })
      refuses(t, answer, 503, 'SERVICE_UNAVAILABLE')
    }
    t.equal(auth.received.length, 4)
    t.strictSame(order.received, [])
  },
)

eachProxy('a service that is too slow is 504, and is called once', async (t, proxy) => {
  const { service, anybody, somebody } = await startBefore(t, proxy, silent, {
    DEADLINE_MS: '1000',
  })
  const calls = [anybody('GET /products'), somebody('POST /orders', { body })]
  for (const answer of await Promise.all(calls)) refuses(t, answer, 504, 'DEADLINE_EXCEEDED')
  t.equal(service.received.length, 2)
})

eachNodeProxy('if auth is too slow, protected operations are 504', async (t, proxy) => {
  const auth = await fakeService(t, silent)
  const { url, order } = await startObliging(t, { AUTH_URLS: auth.url, DEADLINE_MS: '100' }, proxy)
  const somebody = callerAt(url, someToken)
  const calls = [somebody('GET /orders'), somebody('GET /auth/users/me')]
  for (const answer of await Promise.all(calls)) refuses(t, answer, 504, 'DEADLINE_EXCEEDED')
  t.strictSame(order.received, [])
})

eachProxy('a GET whose connection is reset is retried once', async (t, proxy) => {
  const flaky = failingTimes(1)
  const { service, anybody } = await startBefore(t, proxy, flaky)
  const answer = await anybody('GET /products?page=2')
  t.equal(answer.status, 200)
  t.strictSame(answer.body, { ok: true })
  t.strictSame(
    service.received.map(({ path }) => path),
    ['/products?page=2', '/products?page=2'],
  )
})

eachProxy('a GET whose connection is reset twice is 503', async (t, proxy) => {
  const { service, anybody } = await startBefore(t, proxy, resetting)
  refuses(t, await anybody('GET /products'), 503, 'SERVICE_UNAVAILABLE')
  t.equal(service.received.length, 2)
})

eachProxy('a POST or PATCH whose connection is reset is never retried', async (t, proxy) => {
  const { service, somebody } = await startBefore(t, proxy, resetting)
  for (const call of ['POST /orders', `POST /orders/${user}/cancel`, `PATCH /products/${user}`])
    refuses(t, await somebody(call, { body }), 503, 'SERVICE_UNAVAILABLE')
  const key = { 'idempotency-key': 'cart-1' }
  refuses(t, await somebody('POST /orders', { body, headers: key }), 503, 'SERVICE_UNAVAILABLE')
  t.equal(service.received.length, 4)
})

eachNodeProxy('the retry budget bounds the load on a failing service', async (t, proxy) => {
  const { service, anybody } = await startBefore(t, proxy, resetting)
  const calls = 60
  for (let count = 0; count < calls; count += 1) await anybody('GET /products')
  t.ok(service.received.length > calls, 'some are repeated')
  t.ok(service.received.length <= calls + 10 + calls / 10, `${service.received.length} came`)
})

eachProxy('every response of a service is forwarded after one call', async (t, proxy) => {
  const words = '{"error":"CODE","message":"of the service"}'
  const { service, anybody, somebody } = await startBefore(t, proxy, ({ path }, response) => {
    const status = Number(path.split('?')[1] ?? 200)
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '7' })
    response.end(words)
  })
  for (const status of [200, 400, 404, 409, 422, 500, 502, 503, 504]) {
    service.received.splice(0)
    const read = await anybody(`GET /products?${status}`)
    const written = await somebody(`POST /orders?${status}`, { body })
    for (const answer of [read, written]) {
      t.equal(answer.status, status)
      t.equal(answer.text, words)
      t.equal(answer.headers.get('retry-after'), '7')
    }
    t.equal(service.received.length, 2, `${status} once each`)
  }
})

eachNodeProxy('an invalid status of a service is 503, without its headers', async (t, proxy) => {
  const { anybody, somebody } = await startBefore(t, proxy, (_, response) => {
    const headers = { 'content-encoding': 'br', 'cache-control': 'max-age=60', location: '/x' }
    response.writeHead(999, { 'content-type': 'application/json', ...headers }).end('{}')
  })
  for (const answer of [await anybody('GET /products'), await somebody('POST /orders', { body })]) {
    refuses(t, answer, 503, 'SERVICE_UNAVAILABLE')
    for (const name of ['content-encoding', 'cache-control', 'location'])
      t.notOk(answer.headers.has(name), name)
  }
})

eachNodeProxy('instances are called in turn, for operations and for tokens', async (t, proxy) => {
  const counted = (name: string): Behaviour => {
    return ({ path }, response) => {
      if (!path.startsWith('/health')) asked.push(name)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ valid: true, user_id: user }))
    }
  }
  const asked: string[] = []
  const urlsOf = async (...names: string[]) => {
    const services = await Promise.all(names.map((name) => fakeService(t, counted(name))))
    return services.map(({ url }) => url).join(',')
  }
  const { url } = await startGateway(
    t,
    {
      AUTH_URLS: await urlsOf('auth-1', 'auth-2'),
      PRODUCT_URLS: await urlsOf('product-1', 'product-2', 'product-3'),
      ORDER_URLS: await urlsOf('order'),
    },
    proxy,
  )
  for (let count = 0; count < 6; count += 1) await callerAt(url)('GET /products')
  t.strictSame(asked.slice(0, 3).sort(), ['product-1', 'product-2', 'product-3'])
  t.strictSame(asked.slice(3), asked.splice(0).slice(0, 3))
  for (let count = 0; count < 2; count += 1) await callerAt(url, someToken)('GET /orders')
  t.strictSame(asked.sort(), ['auth-1', 'auth-2', 'order', 'order'])
})

eachProxy('only some headers of a service reach the client', async (t, proxy) => {
  const { anybody } = await startBefore(t, proxy, (_, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      location: '/orders/1',
      'set-cookie': 'session=1',
      server: 'node',
      'x-powered-by': 'us',
      'x-internal-key': 'leaked',
      'x-request-id': 'of the service',
      'access-control-allow-origin': '*',
    })
    response.end('{}')
  })
  const { headers } = await anybody('GET /products', { headers: { 'x-request-id': 'mine' } })
  t.equal(headers.get('cache-control'), 'no-store')
  t.equal(headers.get('location'), '/orders/1')
  t.equal(headers.get('x-request-id'), 'mine')
  for (const name of ['set-cookie', 'server', 'x-powered-by', 'x-internal-key'])
    t.notOk(headers.has(name), name)
  t.notOk(headers.has('access-control-allow-origin'))
})

eachProxy(
  'a service gets the unchanged body, the user id, and no other secret',
  async (t, proxy) => {
    const { service, somebody } = await startBefore(t, proxy, (_, response) => response.end('{}'))
    const headers = { cookie: 'a=1', 'x-user-id': 'another', 'x-real-ip': '10.0.0.1' }
    await somebody('POST /orders', { body, headers: { ...headers, 'idempotency-key': 'cart-1' } })
    const [received] = service.received
    t.strictSame(JSON.parse(received?.body ?? ''), body)
    t.match(received?.headers, { 'x-user-id': user, 'idempotency-key': 'cart-1' })
    // Envoy starts no trace, so the service does.
    if (proxy.H5 !== 'envoy') t.match(received?.headers.traceparent, /^00-[0-9a-f]{32}-/)
    for (const name of ['cookie', 'authorization', 'x-real-ip'])
      t.notOk(received?.headers[name], name)
  },
)

const failingTimes = (times: number): Behaviour => {
  let failures = 0
  return ({ path, drop }, response) => {
    if (!path.startsWith('/health')) failures += 1
    if (failures <= times) return drop()
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
  }
}
