import { once } from 'node:events'
import { request } from 'node:http'
import { catalogue } from '@flash-deal/errors'
import tap, { type Test } from 'tap'
import { callerAt, refuses } from '../../../test/client.ts'
import { someToken, startObliging } from '../../../test/gateway-alone.ts'
import { envoyProgram } from '../../../test/own-envoy.ts'
import { sendRaw } from '../../../test/raw-request.ts'

/** Behaviour of Envoy only. `test` has the tests that it shares with the Node variants. */

const found = await envoyProgram()

const withEnvoy = (title: string, guarantee: (t: Test) => Promise<void>): void => {
  if ('program' in found) tap.test(title, guarantee)
  else tap.test(title, { skip: `needs Envoy: ${found.reason}` }, async () => {})
}

const start = (t: Test, settings: Record<string, string>) =>
  startObliging(t, settings, { H5: 'envoy' })

/** The status of a request from an address of this machine. */
const statusFrom = async (url: string, localAddress: string, token?: string): Promise<number> => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const path = token === undefined ? '/products' : '/orders'
  const sent = request(`${url}${path}`, { localAddress, headers, agent: false }).end()
  const [response] = await once(sent, 'response')
  response.resume()
  return response.statusCode
}

withEnvoy('each address and each user has a limit of its own', async (t) => {
  const few = { RATE_LIMIT_ADDRESS: '4', RATE_LIMIT_USER: '2', RATE_LIMIT_WINDOW_S: '60' }
  const { url, product, order } = await start(t, few)
  const statuses: number[] = []
  for (let time = 0; time < 5; time += 1) statuses.push(await statusFrom(url, '127.0.0.2'))
  t.strictSame(statuses, [200, 200, 200, 200, 429])
  t.equal(await statusFrom(url, '127.0.0.3'), 200, 'another address is not limited')
  t.equal(product.received.length, 5, 'rejected requests are not forwarded')
  for (const [address, status] of [
    ['127.0.0.4', 200],
    ['127.0.0.5', 200],
    ['127.0.0.6', 429],
  ] as const)
    t.equal(await statusFrom(url, address, someToken), status, 'a user from several addresses')
  t.equal(order.received.length, 2)
  for (let time = 0; time < 4; time += 1) await callerAt(url)('GET /products')
  const refused = await callerAt(url)('GET /products')
  refuses(t, refused, 429, 'RATE_LIMITED')
  t.equal(refused.headers.get('retry-after'), '1')
})

withEnvoy('its own refusals have our words', async (t) => {
  const { url } = await start(t, { REQUEST_TIMEOUT_MS: '400', HEADERS_TIMEOUT_MS: '400' })
  const json = ['content-type', 'application/json']
  const token = ['authorization', `Bearer ${someToken}`]
  const refusals = {
    UNAUTHORIZED: sendRaw(url, 'GET /orders', {}),
    INVALID_TOKEN: sendRaw(url, 'GET /orders', { headers: ['authorization', 'Bearer a.b.c'] }),
    REQUEST_TIMEOUT: sendRaw(url, 'POST /orders', {
      headers: [...token, ...json],
      body: '{',
      unfinished: true,
    }),
    PAYLOAD_TOO_LARGE: sendRaw(url, 'POST /orders', {
      headers: [...token, ...json],
      body: 'x'.repeat(200_000),
    }),
    HEADERS_TOO_LARGE: sendRaw(url, 'GET /orders', { headers: ['x-a', 'a'.repeat(20_000)] }),
    MALFORMED_BODY: sendRaw(url, 'GET /orders', { headers: ['host', 'other'] }),
  }
  for (const [code, answer] of Object.entries(refusals)) {
    const { status, body, headers } = await answer
    const expected = Object.entries(catalogue).find(([name]) => name === code)?.[1]
    t.equal(status, expected?.status, code)
    const { request_id, ...words } = body
    t.strictSame(words, { error: code, message: expected?.message }, code)
    // What is refused before it is parsed has no id.
    if (code !== 'HEADERS_TOO_LARGE') t.match(request_id, /./, code)
    t.equal(headers.get('content-type'), 'application/json', code)
    t.equal(headers.get('x-content-type-options'), 'nosniff', code)
  }
})
