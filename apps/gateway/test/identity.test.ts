import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { internalKey } from '@flash-deal/testing'
import type { Test } from 'tap'
import {
  eachProxy,
  type FakeService,
  type Proxying,
  someToken,
  startObliging,
  user,
} from './gateway-alone.ts'

/** The following tests run for each way of proxying. */
const identity = async (t: Test, proxy: Proxying): Promise<void> => {
  const { url, auth, product, order } = await startObliging(t, { DEADLINE_MS: '5000' }, proxy)

  const other = 'c4a1e8d2-5b36-4f97-8a0e-9d7c3b2f1e64'
  const authorization = ['authorization', `Bearer ${someToken}`]

  /** Sends headers as they are, twice where they are twice; the request as the service got it. */
  const arriving = async (service: FakeService, path: string, headers: string[], body?: string) => {
    service.received.splice(0)
    const method = body === undefined ? 'GET' : 'POST'
    const request = httpRequest(`${url}${path}`, { method, headers: ['host', 'shop', ...headers] })
    request.end(body)
    const [response] = await once(request, 'response')
    response.resume()
    await once(response, 'end')
    const [received] = service.received.filter((each) => each.path === path)
    if (!received) throw new Error(`Nothing arrived: ${response.statusCode}.`)
    return received
  }

  /** All values of a header, in any case. */
  const valuesOf = ({ rawHeaders }: { rawHeaders: string[] }, name: string): string[] =>
    rawHeaders.filter((_, index) => {
      const spelling = rawHeaders[index - 1]?.toLowerCase().replaceAll('_', '-')
      return index % 2 === 1 && spelling === name
    })

  /** Headers with which a client tries to be another user. */
  const disguises: Record<string, string[]> = {
    'a user id': ['X-User-Id', other],
    'a user id in another spelling': ['x_user_id', other],
    'two user ids': ['x-user-id', other, 'X-USER-ID', other],
    'a user id that the connection header names': [
      'x-user-id',
      other,
      'connection',
      'close, x-user-id',
    ],
    'an internal key': ['x-internal-key', internalKey, 'x-user-id', other],
    'an internal key in another spelling': ['X_Internal_Key', internalKey],
    'a connection header that names ours': [
      'connection',
      'close, x-user-id, x-internal-key, x-deadline-ms',
    ],
  }

  for (const [disguise, headers] of Object.entries(disguises)) {
    t.test(`with ${disguise} the user is still that of the token`, async (t) => {
      const received = await arriving(order, '/orders', [...authorization, ...headers])
      t.strictSame(valuesOf(received, 'x-user-id'), [user])
      t.strictSame(valuesOf(received, 'x-internal-key'), [internalKey])
      t.strictSame(valuesOf(received, 'x-deadline-ms').length, 1)
    })

    t.test(`with ${disguise} a request without a token is still 401`, async (t) => {
      const received = await arriving(product, '/products', headers)
      t.strictSame(valuesOf(received, 'x-user-id'), [])
      t.strictSame(valuesOf(received, 'x-internal-key'), [internalKey])
    })

    t.test(`with ${disguise} auth gets only the token`, async (t) => {
      const received = await arriving(auth, '/auth/users/me', [...authorization, ...headers])
      t.strictSame(valuesOf(received, 'x-user-id'), [])
      t.strictSame(valuesOf(received, 'authorization'), [`Bearer ${someToken}`])
    })
  }

  t.test('a client cannot set the deadline', async (t) => {
    for (const given of ['1', '600000', 'x', '']) {
      const headers = [...authorization, 'x-deadline-ms', given, 'x_deadline_ms', given]
      const [ms, ...more] = valuesOf(await arriving(order, '/orders', headers), 'x-deadline-ms')
      t.strictSame(more, [])
      t.ok(Number(ms) > 1 && Number(ms) <= 5_000, `${ms} ms`)
    }
  })

  t.test('a token is forwarded only to auth, cookies to no service', async (t) => {
    const headers = [...authorization, 'cookie', 'session=1', 'x-csrf-token', 'x']
    const received = await arriving(order, '/orders', headers)
    t.notOk(received.headers.authorization)
    t.notOk(received.headers.cookie)
    // Envoy asks auth for its keys, never about a token.
    if (proxy.H5 === 'envoy') return
    const asked = auth.received.find(({ path }) => path === '/auth/verify')
    t.equal(asked?.headers.authorization, `Bearer ${someToken}`)
    t.notOk(asked?.headers.cookie)
  })

  t.test('a service gets only the headers of this list', async (t) => {
    const sent = [
      ...authorization,
      ...['accept', 'application/json', 'accept-language', 'ko', 'user-agent', 'curl'],
      ...['idempotency-key', 'cart-1', 'content-type', 'application/json', 'x-request-id', 'r-1'],
      ...['x-forwarded-for', '10.0.0.1', 'x-forwarded-host', 'evil', 'forwarded', 'for=10.0.0.1'],
      ...['x-real-ip', '10.0.0.1', 'x-http-method-override', 'DELETE', 'te', 'trailers'],
      ...['x-original-url', '/internal', 'expect', '100-continue', 'origin', 'http://evil'],
      ...['transfer-encoding', 'chunked', 'trailer', 'x-user-id', 'x-anything', '1'],
    ]
    const received = await arriving(order, '/orders', sent, '{"a":1}')
    const { host, connection, ...headers } = received.headers
    t.notMatch(host, 'shop')
    t.equal(received.body, '{"a":1}')
    t.match(headers, {
      accept: 'application/json',
      'accept-language': 'ko',
      'user-agent': 'curl',
      'content-type': 'application/json',
      'idempotency-key': 'cart-1',
      'x-forwarded-for': '127.0.0.1',
      'x-request-id': 'r-1',
      'x-user-id': user,
      'x-internal-key': internalKey,
    })
    t.strictSame(Object.keys(headers).sort(), [
      'accept',
      'accept-language',
      ...(proxy.H5 === 'baseline' ? [] : ['content-length']),
      'content-type',
      'idempotency-key',
      // Envoy forwards a trace and starts none.
      ...(proxy.H5 === 'envoy' ? [] : ['traceparent']),
      // Only one sends a body on in chunks.
      ...(proxy.H5 === 'baseline' ? ['transfer-encoding'] : []),
      'user-agent',
      'x-deadline-ms',
      'x-forwarded-for',
      'x-internal-key',
      'x-request-id',
      'x-user-id',
    ])
  })
}

eachProxy('clients cannot set identity and internal headers', identity)
