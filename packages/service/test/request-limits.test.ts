import t from 'tap'
import { appWith, internalKey } from './app-with.ts'
import { anything, documentOf, json, operation } from './document.ts'
import { rawClients, readUntil } from './raw-client.ts'

const bearer = [{ bearer: [] }]
const requestBody = json(anything)
const document = documentOf({
  '/orders': {
    get: operation({ operationId: 'listOrders', security: bearer }),
    post: operation({ operationId: 'createOrder', security: bearer, requestBody }),
  },
  '/internal/orders': {
    post: operation({ operationId: 'settle', security: [{ internalKey: [] }], requestBody }),
  },
})

const held = Promise.withResolvers<void>()
let begun = 0
const createOrder = async () => {
  begun += 1
  await held.promise
  return {}
}
const nothing = async () => ({})
const handlers = { listOrders: nothing, createOrder, settle: nothing }
const { app } = await appWith(t, { document, handlers })
const connect = await rawClients(t, app)

const user = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'
const headers = { 'x-internal-key': internalKey, 'x-user-id': user }
const post = (url = '/orders', own: object = headers) =>
  app.inject({ method: 'POST', url, headers: { ...own }, payload: {} })

/** The limit at the start. */
const limit = 320

const head = [
  'POST /orders HTTP/1.1',
  'Host: shop',
  `X-Internal-Key: ${internalKey}`,
  `X-User-Id: ${user}`,
  'Content-Type: application/json',
  'Content-Length: 2\r\n\r\n',
].join('\r\n')

/** Sends a request without its body, and waits until the service has read it. */
const sendHead = async () => {
  const { client } = await connect()
  const arrived = new Promise<unknown>((resolve) => app.server.once('request', resolve))
  client.write(head)
  await arrived
  return client
}

t.test('requests whose bodies have not arrived take no place', async (t) => {
  const slow = await Promise.all(Array.from({ length: 3 }, sendHead))
  const full = Array.from({ length: limit }, () => post())
  while (begun < limit) await new Promise((resolve) => setImmediate(resolve))

  t.test('a request beyond the limit gets 503 and its handler does not start', async (t) => {
    const response = await post()
    t.equal(response.statusCode, 503)
    t.equal(response.headers['retry-after'], '1')
    t.equal(response.headers['x-request-id'], response.json().request_id)
    t.strictSame(Object.keys(response.json()), ['error', 'message', 'request_id'])
    t.equal(response.json().error, 'SERVICE_UNAVAILABLE')
    t.equal(begun, limit)
  })

  t.test('it gets 503 before its body has arrived', async (t) => {
    t.match(await readUntil(await sendHead(), 'request_id'), /^HTTP\/1\.1 503 /)
  })

  t.test('a request whose body arrives when the limit is reached does not start', async (t) => {
    const [client] = slow
    client?.write('{}')
    t.match(client && (await readUntil(client, 'request_id')), /^HTTP\/1\.1 503 /)
    t.equal(begun, limit)
  })

  t.test('a request without a user still gets 401', async (t) => {
    t.equal((await post('/orders', {})).statusCode, 401)
  })

  t.test('reads and the operations of other services are not affected', async (t) => {
    t.equal((await app.inject({ url: '/orders', headers })).statusCode, 200)
    t.equal((await post('/internal/orders')).statusCode, 200)
  })

  t.test('refusals and the limit are on /metrics', async (t) => {
    const page = await app.metrics.metrics()
    t.match(page, /http_requests_total\{operation="createOrder",status="503"\} [1-9]/)
    t.match(page, `\noperation_requests{operation="createOrder",state="running"} ${limit}\n`)
    t.match(page, `\noperation_requests{operation="createOrder",state="limit"} ${limit}\n`)
    t.notMatch(page, /operation_requests\{operation="(?!createOrder)/)
  })

  t.test('when requests have ended, new ones start', async (t) => {
    held.resolve()
    for (const { statusCode } of await Promise.all(full)) t.equal(statusCode, 200)
    t.equal((await post()).statusCode, 200)
  })
})
