import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { ApiError, catalogue } from '@flash-deal/errors'
import t from 'tap'
import { appWith } from './app-with.ts'
import { anything, documentOf, json, operation } from './document.ts'

const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }

const document = documentOf({
  '/things': {
    get: operation({ operationId: 'listThings' }),
    post: operation({ operationId: 'createThing', requestBody: json(anything) }),
  },
  '/things/{id}/parts': {
    parameters: [id],
    patch: operation({ operationId: 'changeParts', requestBody: json(anything) }),
  },
  '/.well-known/keys.json': { get: operation({ operationId: 'getKeys' }) },
  '/errors': { get: operation({ operationId: 'fail' }) },
})

const nothing = async () => ({})
const handlers = {
  listThings: nothing,
  createThing: nothing,
  changeParts: nothing,
  getKeys: nothing,
  fail: async () => {
    throw new ApiError('INVALID_TOKEN')
  },
}

const { app, lines } = await appWith(t, {
  document,
  handlers,
  settings: { BODY_LIMIT_BYTES: '1024' },
})

t.test('an unknown path is 404 for any method', async (t) => {
  for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD'] as const) {
    for (const url of ['/', '/thing', '/things/', '/things/1', '/things/1/parts/2', '/THINGS']) {
      const response = await app.inject({ method, url })
      t.equal(response.statusCode, 404, `${method} ${url}`)
      if (method !== 'HEAD') t.equal(response.json().error, 'NOT_FOUND')
    }
  }
})

t.test('a path that is not UTF-8 is 404', async (t) => {
  for (const url of ['/things/%E0%A4%A/parts', '/%']) {
    const response = await app.inject({ method: 'PATCH', url })
    t.equal(response.statusCode, 404)
    t.equal(response.json().error, 'NOT_FOUND')
  }
})

t.test('a known path with another method is 405 with Allow', async (t) => {
  const cases = [
    ['DELETE', '/things?page=1', 'GET, HEAD, POST'],
    ['OPTIONS', '/things', 'GET, HEAD, POST'],
    ['GET', '/things/7/parts', 'PATCH'],
    ['POST', '/.well-known/keys.json', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
  ] as const
  for (const [method, url, allow] of cases) {
    const response = await app.inject({ method, url })
    t.equal(response.statusCode, 405, `${method} ${url}`)
    t.equal(response.json().error, 'METHOD_NOT_ALLOWED')
    t.equal(response.headers.allow, allow)
  }
})

t.test('an unknown path is rejected before its body is read', async (t) => {
  const headers = { 'content-type': 'text/plain' }
  const payload = 'x'.repeat(2_000)
  const unknown = await app.inject({ method: 'POST', url: '/nothing', headers, payload })
  t.equal(unknown.statusCode, 404)
  const other = await app.inject({ method: 'DELETE', url: '/things', headers, payload })
  t.equal(other.statusCode, 405)
})

t.test('a dot in a path matches only a dot', async (t) => {
  t.equal((await app.inject({ method: 'POST', url: '/xwell-known/keys.json' })).statusCode, 404)
})

t.test('a parameter of any length reaches its route', async (t) => {
  for (const length of [100, 101, 5_000]) {
    const response = await app.inject({
      method: 'PATCH',
      url: `/things/${'x'.repeat(length)}/parts`,
      payload: {},
    })
    t.equal(response.statusCode, 200, `${length} characters`)
  }
})

t.test('HEAD has the response of GET without a body', async (t) => {
  const response = await app.inject({ method: 'HEAD', url: '/things' })
  t.equal(response.statusCode, 200)
  t.equal(response.body, '')
})

const post = (headers: Record<string, string>, payload: string) =>
  app.inject({ method: 'POST', url: '/things', headers, payload })

t.test('any type but application/json is 415', async (t) => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json garbage',
    'application/jsonp',
    'application/vnd.api+json',
    'text/json',
    'json',
  ]) {
    const response = await post({ 'content-type': type }, '{}')
    t.equal(response.statusCode, 415, type)
    t.equal(response.json().error, 'UNSUPPORTED_MEDIA_TYPE')
  }
})

t.test('application/json may name its character set', async (t) => {
  for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON'])
    t.equal((await post({ 'content-type': type }, '{}')).statusCode, 200, type)
})

t.test('a body is read up to its limit; one byte more is 413', async (t) => {
  const bytes = (count: number) => `{"a":"${'x'.repeat(count - 8)}"}`
  const headers = { 'content-type': 'application/json' }
  t.equal((await post(headers, bytes(1_024))).statusCode, 200)
  const response = await post(headers, bytes(1_025))
  t.equal(response.statusCode, 413)
  t.equal(response.json().error, 'PAYLOAD_TOO_LARGE')
})

t.test('a body that is not JSON is 400', async (t) => {
  for (const text of ['{', '{"a":1,}', "{'a':1}", '{"a":1}{"b":2}', 'hello', '\u0000', 'NaN']) {
    const response = await post({ 'content-type': 'application/json' }, text)
    t.equal(response.statusCode, 400, text)
    t.equal(response.json().error, 'MALFORMED_BODY')
  }
})

t.test('every error has the error format and a request id', async (t) => {
  const refusals = [
    await app.inject('/nowhere'),
    await app.inject({ method: 'DELETE', url: '/things' }),
    await post({ 'content-type': 'text/plain' }, 'x'),
    await post({ 'content-type': 'application/json' }, '{'),
    await app.inject('/errors'),
  ]
  for (const response of refusals) {
    t.match(response.headers['content-type'], /^application\/json/)
    t.strictSame(Object.keys(response.json()), ['error', 'message', 'request_id'])
    t.equal(response.json().request_id, response.headers['x-request-id'])
  }
})

t.test('a 401 has WWW-Authenticate', async (t) => {
  const response = await app.inject('/errors')
  t.equal(response.statusCode, 401)
  t.equal(response.headers['www-authenticate'], 'Bearer')
})

t.test('input that is not HTTP is 400 in the error format, and is not logged', async (t) => {
  await app.listen({ port: 0, host: '127.0.0.1' })
  for (const request of [
    'hello\r\n\r\n',
    'GET /things HTTP/1.1\r\nHost: x\r\nx-internal-key: planted\r\nbad header\r\n\r\n',
    'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
    'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}',
  ]) {
    const answer = await answerTo(request)
    t.match(answer, /^HTTP\/1\.1 400 /)
    t.equal(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').error, 'MALFORMED_BODY')
  }
  const written = lines.filter(({ msg }) => msg === 'request that is not valid HTTP')
  t.equal(written.length, 4)
  t.notMatch(JSON.stringify(written), /rawPacket|planted/)
})

t.test('the length of a raw response is its number of bytes', async (t) => {
  const message = 'This address takes only these methods: “GET” – and no other…'
  t.intercept(catalogue, 'METHOD_NOT_ALLOWED', { value: { status: 405, message } })
  const answer = await answerTo('CONNECT shop:443 HTTP/1.1\r\nHost: shop\r\n\r\n')
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  t.equal(JSON.parse(body).message, message)
  t.equal(/content-length: (\d+)/i.exec(head)?.[1], String(Buffer.byteLength(body)))
})

/** The bytes received on a new connection. */
const answerTo = async (request: string): Promise<string> => {
  const address = app.server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(request)
  return text(socket)
}
