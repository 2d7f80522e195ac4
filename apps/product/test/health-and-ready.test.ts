import { type ScenarioId, scenarioIds } from '@flash-deal/config'
import { assertRefused, servers, until } from '@flash-deal/testing'
import t from 'tap'
import { buildProduct, openShop } from './client.ts'
import { rejectsUserWithoutKey } from './refusals.ts'

const { app, database } = await openShop(t)
const nowhere = 'postgres://product_service:secret@127.0.0.1:1/nowhere'
const skip = servers().redisUrl === undefined && 'there is no Redis'

const baselines = Object.fromEntries(scenarioIds.map((id: ScenarioId) => [id, 'baseline']))

t.test('health shows the service and the variant of every scenario', async (t) => {
  const answer = await app.inject('/health')
  t.equal(answer.statusCode, 200)
  const service = 'product-service'
  t.strictSame(answer.json(), { status: 'healthy', service, scenarios: baselines })
})

t.test('health shows the active variant', async (t) => {
  const other = await buildProduct(t, { database, scenarios: { E2: 'memory' } })
  t.strictSame((await other.inject('/health')).json().scenarios, { ...baselines, E2: 'memory' })
})

t.test('it is ready when its database responds', async (t) => {
  const answer = await app.inject('/health/ready')
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), {
    status: 'ready',
    service: 'product-service',
    dependencies: { postgres: 'up' },
  })
})

t.test('with a scenario that needs it, Redis is a dependency', { skip }, async (t) => {
  const other = await buildProduct(t, { database, scenarios: { E2: 'optimized' } })
  await until(async () => (await other.inject('/health/ready')).statusCode === 200)
  const { dependencies } = (await other.inject('/health/ready')).json()
  t.strictSame(dependencies, { postgres: 'up', redis: 'up' })
})

t.test('an unavailable database is named, and the process is alive', async (t) => {
  const settings = { PRODUCT_DATABASE_URL: nowhere }
  const cut = await buildProduct(t, { database, settings })
  assertRefused(t, await cut.inject('/health/ready'), 503, 'SERVICE_UNAVAILABLE', ['postgres'])
  t.equal((await cut.inject('/health')).statusCode, 200)
  assertRefused(t, await cut.inject('/products'), 503, 'SERVICE_UNAVAILABLE')
  t.notMatch((await cut.inject('/health/ready')).body, /secret|127\.0\.0\.1/)
})

t.test('an unavailable Redis is named', async (t) => {
  const settings = { REDIS_URL: 'redis://127.0.0.1:1' }
  const cut = await buildProduct(t, { database, settings, scenarios: { E2: 'optimized' } })
  assertRefused(t, await cut.inject('/health/ready'), 503, 'SERVICE_UNAVAILABLE', ['redis'])
  t.equal((await cut.inject('/health')).statusCode, 200)
})

t.test('a stopping process is alive and responds, but is not ready', async (t) => {
  const stopping = await buildProduct(t, { database })
  stopping.draining = true
  assertRefused(t, await stopping.inject('/health/ready'), 503, 'SERVICE_UNAVAILABLE', ['service'])
  for (const url of ['/health', '/products']) {
    const answer = await stopping.inject(url)
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers.connection, 'close', 'on the last connection of its caller')
  }
})

t.test('an unknown path is not found', async (t) => {
  for (const url of ['/', '/nothing', '/products/deals/1/2', '/internal', '/metrics', '/health/']) {
    assertRefused(t, await app.inject(url), 404, 'NOT_FOUND')
  }
})

const otherMethods = [
  ['DELETE', '/products', 'GET, HEAD, POST'],
  ['PUT', '/products/1', 'GET, HEAD, PATCH'],
  ['POST', '/products/1/stock', 'GET, HEAD, PATCH'],
  ['GET', '/internal/reservations', 'POST'],
  ['GET', '/internal/reservations/confirm', 'POST'],
  ['GET', '/internal/reservations/1/release', 'POST'],
  ['DELETE', '/products/deals/1', 'GET, HEAD'],
  // These match the route PATCH /products/:product_id.
  ['PATCH', '/products/deals', 'GET, HEAD, POST'],
  ['POST', '/health', 'GET, HEAD'],
] as const

for (const [method, url, allow] of otherMethods) {
  t.test(`${method} ${url} is 405 with Allow`, async (t) => {
    const answer = await app.inject({ method, url })
    assertRefused(t, answer, 405, 'METHOD_NOT_ALLOWED')
    t.equal(answer.headers.allow, allow)
  })
}

t.test('a user id without the internal key is rejected', async (t) => {
  await rejectsUserWithoutKey(t, app, { method: 'GET', url: '/health' })
})
