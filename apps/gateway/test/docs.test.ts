import { documents, operationsOf, serviceNames } from '@flash-deal/contracts'
import t from 'tap'
import { callerAt, refuses } from './client.ts'
import { startObliging } from './gateway-alone.ts'

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

t.test('answers may not be framed, sniffed or run by a browser', async (t) => {
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

t.test('no other origin may call, by default', async (t) => {
  const { headers } = await anybody('GET /products', { headers: { origin } })
  t.notOk(headers.has('access-control-allow-origin'))
  refuses(t, await anybody('OPTIONS /orders', preflight(origin)), 405, 'METHOD_NOT_ALLOWED')
})

t.test('the origins of the settings may call, others may not', async (t) => {
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

t.test('an error tells a page of an allowed origin what it is', async (t) => {
  const opened = await startObliging(t, { CORS_ORIGINS: origin })
  const answer = await callerAt(opened.url)('GET /orders', { headers: { origin } })
  refuses(t, answer, 401, 'UNAUTHORIZED')
  t.equal(answer.headers.get('access-control-allow-origin'), origin)
})

t.test('where origins are set, an OPTIONS that is no preflight does nothing', async (t) => {
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
