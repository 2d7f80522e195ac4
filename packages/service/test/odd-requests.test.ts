import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { appWith } from './app-with.ts'
import { anything, documentOf, json, operation } from './document.ts'
import { get, rawClients } from './raw-client.ts'

const document = documentOf({
  '/things': {
    get: operation({ operationId: 'listThings' }),
    post: operation({ operationId: 'createThing', requestBody: json(anything) }),
  },
})
const handlers = { listThings: async () => ({}), createThing: async () => ({ created: true }) }
const { app } = await appWith(t, { document, handlers })
const connect = await rawClients(t, app)

/** The bytes received on a new connection until the service closes it. */
const answerTo = async (request: string | Buffer): Promise<string> => {
  const { client } = await connect()
  client.write(request)
  return text(client)
}

const refuses = (t: Test, answer: string, status: number, code: string, hasId: boolean): void => {
  t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
  t.equal(answer.split('HTTP/1.1 ').length, 2, 'there is one response')
  const { error, request_id } = JSON.parse(answer.split('\r\n\r\n')[1] ?? '')
  t.equal(error, code)
  t.equal(request_id !== undefined, hasId)
  t.match(answer, /content-type: application\/json/i)
}

const close = 'Connection: close\r\n\r\n'
const x = (length: number): string => 'x'.repeat(length)
const many = Array.from({ length: 2_000 }, (_, count) => `x-${count}: ${count}\r\n`).join('')

const tooLarge = {
  'a cookie of 17 KB': `GET /things HTTP/1.1\r\nHost: shop\r\nCookie: a=${x(17_000)}\r\n\r\n`,
  'an address of 20 KB': `GET /things?a=${x(20_000)} HTTP/1.1\r\nHost: shop\r\n\r\n`,
  '2,000 headers': `GET /things HTTP/1.1\r\nHost: shop\r\n${many}\r\n`,
}
for (const [title, request] of Object.entries(tooLarge)) {
  t.test(`${title} is 431`, async (t) => {
    refuses(t, await answerTo(request), 431, 'HEADERS_TOO_LARGE', false)
  })
}

t.test('headers are read up to the limit', async (t) => {
  const cookie = (length: number) => `GET /things HTTP/1.1\r\nHost: a\r\nCookie: ${x(length)}\r\n`
  t.match(await answerTo(cookie(15_000) + close), /^HTTP\/1\.1 200 /)
  const small = await appWith(t, {
    document,
    handlers,
    settings: { HEADERS_LIMIT_BYTES: '4096' },
  })
  const connectSmall = await rawClients(t, small.app)
  const { client } = await connectSmall()
  client.write(cookie(5_000) + close)
  refuses(t, await text(client), 431, 'HEADERS_TOO_LARGE', false)
})

const chunked =
  'POST /things HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
const badBodies = [
  ['a chunk whose size is none', 'zz\r\n', 400, 'MALFORMED_BODY'],
  ['chunk extensions of 20 KB', `2;${x(20_000)}\r\n{}\r\n`, 413, 'PAYLOAD_TOO_LARGE'],
  ['trailers of 20 KB', `2\r\n{}\r\n0\r\na: ${x(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
] as const
for (const [title, body, status, code] of badBodies) {
  t.test(`${title} is ${status}, under the request's id`, async (t) => {
    refuses(t, await answerTo(chunked + body), status, code, true)
  })
}

const noHosts = {
  'no Host': '',
  'two Hosts': 'Host: shop\r\nhost: shop\r\n',
  'a Host with a path': 'Host: shop/things\r\n',
  'a Host with white space': 'Host: a b\r\n',
}
for (const [title, header] of Object.entries(noHosts)) {
  t.test(`${title} is 400 under the request's id`, async (t) => {
    for (const line of ['GET /things', 'POST /things', 'GET /nowhere']) {
      const answer = await answerTo(`${line} HTTP/1.1\r\n${header}${close}`)
      refuses(t, answer, 400, 'MALFORMED_BODY', true)
    }
  })
}

t.test('a Host may be a name or an address, with a port or without, or empty', async (t) => {
  for (const host of [
    'shop',
    'shop.example:8000',
    '127.0.0.1:80',
    '[::1]:80',
    '[fe80::1]',
    'a_b',
    '',
  ])
    t.match(await answerTo(`GET /things HTTP/1.1\r\nHost: ${host}\r\n${close}`), /^HTTP\/1\.1 200 /)
  t.match(await answerTo('GET /things HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /)
})

const expecting = (expect: string) =>
  `POST /things HTTP/1.1\r\nHost: shop\r\nExpect: ${expect}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n${close}{}`

t.test("an unknown Expect is 417 under the request's id", async (t) => {
  for (const expect of ['nothing', '200-ok', '100-continued', ''])
    refuses(t, await answerTo(expecting(expect)), 417, 'EXPECTATION_FAILED', true)
})

t.test('Expect: 100-continue gets 100 Continue, then the response', async (t) => {
  const answer = await answerTo(expecting('100-continue'))
  t.match(answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
})

const notHttp = {
  'an unknown version': 'GET /things HTTP/3.7\r\nHost: shop\r\n\r\n',
  "HTTP/2's preface": 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  "TLS's hello": Buffer.from('16030100c8010000c40303', 'hex'),
  'lines without a carriage return': 'GET /things HTTP/1.1\nHost: shop\n\n',
  'an unknown method': 'FOO /things HTTP/1.1\r\nHost: shop\r\n\r\n',
  'both kinds of length':
    'POST /things HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
}
for (const [title, bytes] of Object.entries(notHttp)) {
  t.test(`${title}: 400 and the end of the connection`, async (t) => {
    refuses(t, await answerTo(bytes), 400, 'MALFORMED_BODY', false)
  })
}

t.test('bytes after a request that are not HTTP are rejected after its response', async (t) => {
  const answer = await answerTo(`${get('/things')}garbage\r\n\r\n`)
  const [first = '', second = ''] = answer.split(/(?=HTTP\/1\.1 )/)
  t.match(first, /^HTTP\/1\.1 200 /)
  refuses(t, second, 400, 'MALFORMED_BODY', false)
})

t.test('an unknown method is 405, CONNECT too', async (t) => {
  for (const method of ['TRACE', 'PROPFIND', 'PUT']) {
    const answer = await answerTo(`${method} /things HTTP/1.1\r\nHost: shop\r\n${close}`)
    refuses(t, answer, 405, 'METHOD_NOT_ALLOWED', true)
    t.match(answer, /allow: GET, HEAD, POST\r\n/i)
  }
  const tunnel = await answerTo('CONNECT shop:443 HTTP/1.1\r\nHost: shop:443\r\n\r\n')
  refuses(t, tunnel, 405, 'METHOD_NOT_ALLOWED', false)
  t.match(tunnel, /allow: /i)
})

t.test('a protocol upgrade is ignored', async (t) => {
  for (const protocol of ['websocket', 'h2c']) {
    const upgrade = `Upgrade: ${protocol}\r\nConnection: upgrade, close\r\n\r\n`
    const answer = await answerTo(`GET /things HTTP/1.1\r\nHost: shop\r\n${upgrade}`)
    t.match(answer, /^HTTP\/1\.1 200 /)
  }
})

t.test('an invalid URL is 404; an absolute URL is routed by its path', async (t) => {
  const asterisk = await answerTo(`OPTIONS * HTTP/1.1\r\nHost: shop\r\n${close}`)
  refuses(t, asterisk, 404, 'NOT_FOUND', true)
  const absolute = `GET http://other/things HTTP/1.1\r\nHost: shop\r\n${close}`
  t.match(await answerTo(absolute), /^HTTP\/1\.1 200 /)
})
