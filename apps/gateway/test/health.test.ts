import { setTimeout as pause } from 'node:timers/promises'
import { scenarioIds } from '@flash-deal/config'
import t from 'tap'
import { type Caller, callerAt, refuses } from './client.ts'
import { fakeService, nowhere, startGateway } from './gateway-alone.ts'
import { startSystem } from './system.ts'

const settings = { HEALTH_INTERVAL_MS: '50' }
const baseline = Object.fromEntries(scenarioIds.map((id) => [id, 'baseline']))

/** Polls for at most a minute, because the gateway queries the services at intervals. */
const answerThat = async (caller: Caller, call: string, isSo: (answer: Answer) => boolean) => {
  const end = performance.now() + 60_000
  let answer = await caller(call)
  while (!isSo(answer) && performance.now() < end) {
    await pause(10)
    answer = await caller(call)
  }
  return answer
}
type Answer = Awaited<ReturnType<Caller>>
const hasAsked = ({ body }: Answer): boolean => Object.keys(body.services ?? {}).length === 3

t.test('health shows the variants of the gateway and of each service', async (t) => {
  const { anybody } = await startSystem(t, { settings, scenarios: { E2: 'memory' } })
  const answer = await answerThat(anybody, 'GET /health', hasAsked)
  t.equal(answer.status, 200)
  const scenarios = { ...baseline, E2: 'memory' }
  const instance = { status: 'healthy', scenarios }
  const healthy = { ...instance, instances: [instance] }
  t.strictSame(answer.body, {
    status: 'healthy',
    service: 'gateway',
    scenarios,
    services: { auth: healthy, product: healthy, order: healthy },
  })
  for (const [path, service] of [
    ['/auth/health', 'auth-service'],
    ['/products/health', 'product-service'],
    ['/orders/health', 'order-service'],
  ]) {
    const own = await anybody(`GET ${path}`)
    t.equal(own.status, 200)
    t.strictSame(own.body, { status: 'healthy', service, scenarios })
  }
})

t.test('health is 503 and names the service that runs with another variant', async (t) => {
  const { anybody } = await startSystem(t, { settings, productScenarios: { E2: 'memory' } })
  const answer = await answerThat(anybody, 'GET /health', ({ status }) => status !== 200)
  refuses(t, answer, 503, 'SERVICE_UNAVAILABLE')
  t.equal(answer.headers.get('retry-after'), '1')
  t.strictSame(answer.body.details, { product: 'runs with [E2=memory], the gateway with []' })
})

t.test('readiness names unavailable services, and health shows them too', async (t) => {
  const { anybody, apps } = await startSystem(t, { settings })
  const ready = await anybody('GET /health/ready')
  t.equal(ready.status, 200)
  const dependencies = { auth: 'up', product: 'up', order: 'up' }
  t.strictSame(ready.body, { status: 'ready', service: 'gateway', dependencies })

  await apps.auth?.close()
  const answer = await anybody('GET /health/ready')
  refuses(t, answer, 503, 'SERVICE_UNAVAILABLE')
  t.equal(answer.headers.get('retry-after'), '1')
  t.strictSame(answer.body.details, { auth: 'connection refused' })

  const isAway = ({ body }: Answer) => body.services?.auth?.status === 'away'
  const health = await answerThat(anybody, 'GET /health', isAway)
  t.equal(health.status, 200, 'the gateway itself is alive')
  const gone = { status: 'away', scenarios: {} }
  t.strictSame(health.body.services.auth, { ...gone, instances: [gone] })
  refuses(t, await anybody('GET /auth/health'), 503, 'SERVICE_UNAVAILABLE')
  t.equal((await anybody('GET /orders/health')).status, 200)
})

t.test('a service that is not ready counts as unavailable', async (t) => {
  const busy = await fakeService(t, (_, response) => response.writeHead(503).end('{}'))
  const up = await fakeService(t)
  const urls = { AUTH_URLS: up.url, PRODUCT_URLS: busy.url, ORDER_URLS: nowhere }
  const { url } = await startGateway(t, urls)
  const answer = await callerAt(url)('GET /health/ready')
  refuses(t, answer, 503, 'SERVICE_UNAVAILABLE')
  t.strictSame(Object.keys(answer.body.details).sort(), ['order', 'product'])
})

const healthOf = (scenarios: object) =>
  JSON.stringify({ status: 'healthy', service: 'product-service', scenarios })

t.test('health queries every instance and names one with another variant', async (t) => {
  const [same, other] = await Promise.all(
    [baseline, { ...baseline, E2: 'memory' }].map((scenarios) =>
      fakeService(t, (_, response) => response.end(healthOf(scenarios))),
    ),
  )
  const urls = { AUTH_URLS: same?.url ?? '', ORDER_URLS: `${same?.url},${nowhere}` }
  const PRODUCT_URLS = [same, same, other].map((each) => each?.url).join(',')
  const { url } = await startGateway(t, { ...settings, ...urls, PRODUCT_URLS })
  const answer = await answerThat(callerAt(url), 'GET /health', ({ status }) => status !== 200)
  refuses(t, answer, 503, 'SERVICE_UNAVAILABLE')
  t.strictSame(answer.body.details, {
    product: 'instance 3 of 3 runs with [E2=memory], the gateway with []',
  })
  t.equal((await callerAt(url)('GET /products/health')).status, 200)
})

t.test(
  'health lists all instances of a service in their order, with unavailable ones',
  async (t) => {
    const up = await fakeService(t, (_, response) => response.end(healthOf(baseline)))
    const urls = { AUTH_URLS: up.url, PRODUCT_URLS: `${nowhere},${up.url}`, ORDER_URLS: nowhere }
    const { url } = await startGateway(t, { ...settings, ...urls })
    const answer = await answerThat(callerAt(url), 'GET /health', hasAsked)
    t.equal(answer.status, 200)
    const healthy = { status: 'healthy', scenarios: baseline }
    const gone = { status: 'away', scenarios: {} }
    t.strictSame(answer.body.services, {
      auth: { ...healthy, instances: [healthy] },
      product: { ...healthy, instances: [gone, healthy] },
      order: { ...gone, instances: [gone] },
    })
  },
)

t.test('readiness includes the unavailable dependencies of a service', async (t) => {
  const lacking = (details: unknown) =>
    fakeService(t, (_, response) => response.writeHead(503).end(JSON.stringify({ details })))
  const redis = await lacking({ redis: 'timed out' })
  const both = await lacking({ postgres: 'disk full', product: 'timed out' })
  const strange = await lacking({ postgres: { host: 'secret' } })
  const urls = { PRODUCT_URLS: `${nowhere},${redis.url}`, ORDER_URLS: both.url }
  const { url } = await startGateway(t, { AUTH_URLS: strange.url, ...urls })
  const { body } = await callerAt(url)('GET /health/ready')
  t.strictSame(body.details, {
    auth: 'does not answer',
    product: 'redis: timed out',
    order: 'postgres: disk full, product: timed out',
  })
})

t.test('a call of health does not call the services', async (t) => {
  const hanging = await fakeService(t, () => {})
  const urls = { AUTH_URLS: hanging.url, PRODUCT_URLS: hanging.url, ORDER_URLS: hanging.url }
  const { url } = await startGateway(t, urls)
  const answer = await callerAt(url)('GET /health')
  t.equal(answer.status, 200)
  t.strictSame(answer.body.services, {})
})

t.test("a service's health of another shape is 503", async (t) => {
  for (const body of ['{}', '[]', 'null', 'hello', '{"status":"healthy"}']) {
    const strange = await fakeService(t, (_, response) => response.end(body))
    const urls = { AUTH_URLS: strange.url, PRODUCT_URLS: nowhere, ORDER_URLS: nowhere }
    const { url } = await startGateway(t, urls)
    refuses(t, await callerAt(url)('GET /auth/health'), 503, 'SERVICE_UNAVAILABLE')
  }
})
