import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { callerAt, refuses } from '../../../test/client.ts'
import { witnessed } from '../../../test/fake-auth.ts'
import {
  eachNodeProxy,
  eachProxy,
  fakeService,
  someToken,
  startObliging,
  user,
} from '../../../test/gateway-alone.ts'
import { sendRaw } from '../../../test/raw-request.ts'

/** H5 by itself. Limits, failures and slow clients of both variants: upstreams, route-classes, slow-readers. */

const events: Record<string, string> = { baseline: 'proxied', optimized: 'dispatched' }

const json = { 'content-type': 'application/json' }
const token = { authorization: `Bearer ${someToken}` }

eachProxy(
  'a request reaches its service, and the counter of a Node variant shows it',
  async (t, proxy) => {
    const { app, url, product } = await startObliging(t, {}, proxy)
    const response = await fetch(`${url}/products?page=2`)
    t.equal(response.status, 200)
    t.equal(response.headers.get('content-type'), 'application/json')
    t.same(await response.json(), { ok: true })
    t.equal(product.received[0]?.path, '/products?page=2')
    const shown = await witnessed(app, 'H5')
    const event = events[proxy.H5]
    if (event) t.ok(Number(shown[event]) > 0)
    else t.strictSame(shown, {}, 'the counters of Envoy are its own')
  },
)

eachProxy('a body arrives as it was sent, with the identity of the caller', async (t, proxy) => {
  const { url, order } = await startObliging(t, {}, proxy)
  const body = JSON.stringify({ items: [{ quantity: 1 }] })
  const headers = { ...token, 'content-type': 'application/json', 'x-user-id': 'forged' }
  const response = await fetch(`${url}/orders`, { method: 'POST', headers, body })
  t.equal(response.status, 200)
  const [received] = order.received
  t.equal(received?.body, body)
  t.equal(received?.headers['x-user-id'], user)
  t.equal(received?.headers.authorization, undefined)
})

eachProxy('unknown paths are 404, other methods 405 with Allow', async (t, proxy) => {
  const { url, product } = await startObliging(t, {}, proxy)
  t.equal((await fetch(`${url}/internal/reservations`, { method: 'POST' })).status, 404)
  const refused = await fetch(`${url}/products`, { method: 'DELETE' })
  t.equal(refused.status, 405)
  t.match(refused.headers.get('allow'), /GET/)
  t.equal(product.received.length, 0)
})

eachNodeProxy("a client's trace is continued, a malformed one is not", async (t, proxy) => {
  const { url, product } = await startObliging(t, {}, proxy)
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  await fetch(`${url}/products`, { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } })
  t.match(product.received[0]?.headers.traceparent, new RegExp(`^00-${trace}-[0-9a-f]{16}-0[01]$`))
  await fetch(`${url}/products`, { headers: { traceparent: 'forged' } })
  t.match(product.received[1]?.headers.traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
})

eachProxy('a body that arrives in parts is forwarded once and completely', async (t, proxy) => {
  const { url, order } = await startObliging(t, {}, proxy)
  const sent = request(`${url}/orders`, { method: 'POST', headers: { ...token, ...json } })
  const answered = once(sent, 'response')
  const piece = 'x'.repeat(30_000)
  for (const part of ['["', piece, piece, piece, '"]']) await written(sent, part)
  t.equal(order.received.length, 0, 'nothing goes on before the end')
  sent.end()
  const [response]: IncomingMessage[] = await answered
  t.equal(response?.statusCode, 200)
  response?.resume()
  t.strictSame(
    order.received.map(({ body }) => body),
    [`["${piece.repeat(3)}"]`],
  )
})

eachProxy('a body that does not arrive in time is 408 and is not forwarded', async (t, proxy) => {
  const settings = { REQUEST_TIMEOUT_MS: '300', HEADERS_TIMEOUT_MS: '300' }
  const { url, order } = await startObliging(t, settings, proxy)
  const headers = ['authorization', token.authorization, 'content-type', 'application/json']
  const raw = { headers, body: '{', unfinished: true }
  const { status, body } = await sendRaw(url, 'POST /orders', raw)
  t.equal(status, 408)
  t.match(body, { error: 'REQUEST_TIMEOUT', message: /./ })
  t.equal(order.received.length, 0)
})

eachProxy(
  'a response that is reset in its body is 503 or interrupted, never complete',
  async (t, proxy) => {
    const service = await fakeService(t, async ({ drop }, response) => {
      response.writeHead(200, { ...json, 'content-length': '100', 'cache-control': 'max-age=1' })
      await new Promise((resolve) => response.write('{"half":', resolve))
      drop()
    })
    const { url } = await startObliging(t, { ORDER_URLS: service.url }, proxy)
    const asked = callerAt(url, someToken)('POST /orders', { body: {} })
    if (proxy.H5 === 'envoy') await t.rejects(asked, { message: 'terminated' })
    else {
      const answer = await asked
      refuses(t, answer, 503, 'SERVICE_UNAVAILABLE')
      t.notOk(answer.headers.has('cache-control'), 'nothing of the response stands in its place')
    }
    t.equal(service.received.length, 1)
  },
)

eachProxy('a request in flight when the gateway closes is completed', async (t, proxy) => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<ServerResponse>()
  const service = await fakeService(t, ({ path }, response) =>
    path.startsWith('/health') ? response.end('{}') : arrive(response),
  )
  const { url, close } = await startObliging(t, { PRODUCT_URLS: service.url }, proxy)
  const answer = callerAt(url)('GET /products')
  const response = await arrived
  const closed = close()
  await sleep(100)
  response.writeHead(200, json).end('{"ok":true}')
  t.match(await answer, { status: 200, body: { ok: true } })
  await closed
  await t.rejects(callerAt(url)('GET /products'), 'and nothing is taken afterwards')
})

const written = (sent: ClientRequest, part: string): Promise<void> =>
  new Promise((resolve) => sent.write(part, () => resolve()))
