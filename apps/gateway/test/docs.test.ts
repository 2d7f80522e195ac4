import { documents, operationsOf, serviceNames } from '@flash-deal/contracts'
import t from 'tap'
import { callerAt, refuses } from './client.ts'
import { startObliging } from './gateway-alone.ts'
import { sendRaw } from './raw-request.ts'

const { url } = await startObliging(t)
const anybody = callerAt(url)
const origin = 'https://shop.example.com'

t.test('/docs is a page for people', async (t) => {
  for (const path of ['/docs', '/docs/']) {
    const answer = await anybody(`GET ${path}`)
    t.equal(answer.status, 200)
    t.match(answer.headers.get('content-type'), 'text/html')
    t.match(answer.text, /swagger-ui/i)
  }
  const page = await anybody('GET /docs/')
  const scripts = [...page.text.matchAll(/src="\.?\/?([^"]+\.js)"/g)].map(([, path]) => path)
  t.ok(scripts.length > 0)
  for (const script of scripts)
    t.equal((await anybody(`GET /docs/${script?.replace('docs/', '')}`)).status, 200)
})

/** Headers that ask for a part of a file, or for the file in a certain state. */
const conditions = [
  ...['bytes=abc', 'bytes=5-1', 'bytes=99999999-', 'bytes=0-0', 'bytes=-', '', 'lines=1-2'].map(
    (range) => ({ range }),
  ),
  ...['"x"', 'x', '*', ''].map((tag) => ({ 'if-match': tag })),
  ...['Fri, 27 Nov 1970 03:00:00 GMT', 'soon'].map((time) => ({ 'if-unmodified-since': time })),
  { range: 'bytes=0-1', 'if-range': '"x"' },
  { 'if-modified-since': 'soon' },
  { 'if-none-match': 'x' },
]

t.test('a file of the page ignores Range and conditional headers', async (t) => {
  for (const path of ['/docs/static/swagger-ui.css', '/docs/static/index.html', '/docs/json']) {
    const whole = await anybody(`GET ${path}`)
    t.equal(whole.status, 200)
    for (const headers of conditions) {
      const answer = await anybody(`GET ${path}`, { headers })
      t.equal(answer.status, 200, `${path} ${JSON.stringify(headers)}`)
      t.ok(answer.text === whole.text)
      t.notOk(answer.headers.has('accept-ranges'))
    }
  }
})

t.test('a file that the client has is not sent again', async (t) => {
  const call = 'GET /docs/static/swagger-ui.css'
  const { headers } = await anybody(call)
  const again = await sendRaw(url, call, { headers: ['if-none-match', `${headers.get('etag')}`] })
  t.strictSame([again.status, again.text.length], [304, 0])
})

t.test('an unknown file is 404', async (t) => {
  for (const path of ['none.js', 'none', 'a/b', 'x'.repeat(5_000)])
    refuses(t, await anybody(`GET /docs/static/${path}`), 404, 'NOT_FOUND')
})

t.test('other methods are 405 with Allow', async (t) => {
  const paths = ['/docs', '/docs/', '/docs/json', '/docs/yaml', '/docs/static/x', '/openapi.yaml']
  for (const path of paths) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await anybody(`${method} ${path}`)
      refuses(t, answer, 405, 'METHOD_NOT_ALLOWED')
      t.equal(answer.headers.get('allow'), 'GET, HEAD')
    }
  }
})

t.test('/openapi.yaml is all that clients can call, and nothing internal', async (t) => {
  const answer = await anybody('GET /openapi.yaml')
  t.equal(answer.status, 200)
  t.match(answer.headers.get('content-type'), /^application\/yaml/)
  t.match(answer.text, /^openapi: '3\.1\.0'$/m)
  const all = serviceNames.flatMap((name) => operationsOf(documents[name]))
  for (const { path, operationId, internal } of all) {
    t.equal(answer.text.includes(`\n  ${path}:\n`), !internal, path)
    t.equal(answer.text.includes(`operationId: '${operationId}'\n`), !internal, operationId)
  }
  t.notMatch(answer.text, /x-internal-key/i)
})

t.test('responses have security headers', async (t) => {
  for (const call of ['GET /products', 'GET /nowhere', 'GET /health', 'GET /openapi.yaml']) {
    const { headers } = await anybody(call)
    t.equal(headers.get('content-security-policy'), "default-src 'none';frame-ancestors 'none'")
    t.equal(headers.get('x-content-type-options'), 'nosniff')
    t.match(headers.get('strict-transport-security'), /max-age=\d+/)
    t.equal(headers.get('referrer-policy'), 'no-referrer')
    t.equal(headers.get('x-frame-options'), 'SAMEORIGIN')
    t.notOk(headers.has('x-powered-by'))
  }
  const { headers } = await anybody('GET /docs/')
  t.match(headers.get('content-security-policy'), "default-src 'self'")
})

t.test('by default CORS allows no origin', async (t) => {
  const { headers } = await anybody('GET /products', { headers: { origin } })
  t.notOk(headers.has('access-control-allow-origin'))
  refuses(t, await anybody('OPTIONS /orders', preflight(origin)), 405, 'METHOD_NOT_ALLOWED')
})

t.test('CORS allows the configured origins only', async (t) => {
  const other = 'https://evil.example.com'
  const opened = await startObliging(t, { CORS_ORIGINS: `${origin},https://admin.example.com` })
  const caller = callerAt(opened.url)
  const allowed = await caller('GET /products', { headers: { origin } })
  t.equal(allowed.headers.get('access-control-allow-origin'), origin)
  t.match(allowed.headers.get('access-control-expose-headers'), 'x-request-id')
  t.match(allowed.headers.get('vary'), 'Origin')
  t.notOk(allowed.headers.has('access-control-allow-credentials'))
  for (const headers of [{ origin: other }, { origin: `${origin}.evil` }, { origin: 'null' }]) {
    const refused = await caller('GET /products', { headers })
    t.not(refused.headers.get('access-control-allow-origin'), headers.origin)
    t.not(refused.headers.get('access-control-allow-origin'), '*')
  }

  const asked = await caller('OPTIONS /orders', preflight(origin))
  t.equal(asked.status, 204)
  t.equal(asked.headers.get('access-control-allow-origin'), origin)
  t.match(asked.headers.get('access-control-allow-methods'), 'PATCH')
  t.match(asked.headers.get('access-control-allow-headers'), 'idempotency-key')
  t.strictSame(opened.order.received, [])
})

t.test('an error has CORS headers for an allowed origin', async (t) => {
  const opened = await startObliging(t, { CORS_ORIGINS: origin })
  const answer = await callerAt(opened.url)('GET /orders', { headers: { origin } })
  refuses(t, answer, 401, 'UNAUTHORIZED')
  t.equal(answer.headers.get('access-control-allow-origin'), origin)
})

t.test('an OPTIONS request that is not a preflight is not forwarded', async (t) => {
  const opened = await startObliging(t, { CORS_ORIGINS: origin })
  const answer = await callerAt(opened.url)('OPTIONS /orders')
  t.equal(answer.status, 204)
  t.equal(answer.text, '')
  t.strictSame(opened.order.received, [])
})

const preflight = (from: string) => ({
  headers: {
    origin: from,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,idempotency-key',
  },
})
