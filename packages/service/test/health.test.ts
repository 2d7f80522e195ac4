import { scenarioIds } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import t from 'tap'
import { appWith } from './app-with.ts'

const away = async () => {
  throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' })
}

t.test('health names the service and the variant of every scenario', async (t) => {
  const { app } = await appWith(t)
  const response = await app.inject('/health')
  t.equal(response.statusCode, 200)
  const { status, service, scenarios } = response.json()
  t.strictSame({ status, service }, { status: 'healthy', service: 'order-service' })
  t.strictSame(scenarios, Object.fromEntries(scenarioIds.map((id) => [id, 'baseline'])))
})

t.test('health calls no dependency', async (t) => {
  const before = (app: Awaited<ReturnType<typeof appWith>>['app']) =>
    app.addReadinessCheck('database', away)
  const { app } = await appWith(t, { before })
  t.equal((await app.inject('/health')).statusCode, 200)
})

t.test('a service without dependencies is ready', async (t) => {
  const { app } = await appWith(t)
  const response = await app.inject('/health/ready')
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { status: 'ready', service: 'order-service', dependencies: {} })
})

t.test('ready is 503 and names a dependency while it is unavailable', async (t) => {
  let isUp = true
  const { app } = await appWith(t, {
    before: (service) => {
      service.addReadinessCheck('database', async () => (isUp ? 1 : away()))
      service.addReadinessCheck('product', async () => 1)
    },
  })
  const ready = () => app.inject('/health/ready')
  t.strictSame((await ready()).json().dependencies, { database: 'up', product: 'up' })

  isUp = false
  const response = await ready()
  t.equal(response.statusCode, 503)
  t.equal(response.headers['retry-after'], '1')
  t.match(response.json(), {
    error: 'SERVICE_UNAVAILABLE',
    message: 'Not ready: database.',
    details: { database: 'connection refused' },
  })
  t.strictSame(Object.keys(response.json().details), ['database'])
  t.notMatch(response.body, /10\.0\.0\.7/, 'and does not contain its address')

  isUp = true
  t.equal((await ready()).statusCode, 200)
})

t.test('all unavailable dependencies are named', async (t) => {
  const { app } = await appWith(t, {
    before: (service) => {
      service.addReadinessCheck('database', away)
      service.addReadinessCheck('product', away)
    },
  })
  const response = await app.inject('/health/ready')
  t.strictSame(Object.keys(response.json().details), ['database', 'product'])
})

t.test("each change of a dependency's state is logged once", async (t) => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7'), {
    code: 'ECONNREFUSED',
  })
  const wrong = Object.assign(new Error('password authentication failed for x'), {
    code: '28P01',
  })
  let error: Error | undefined
  const { app, lines } = await appWith(t, {
    settings: { LOG_LEVEL: 'info' },
    before: (service) =>
      service.addReadinessCheck('database', async () => {
        if (error) throw error
      }),
  })
  lines.splice(0)
  for (const each of [undefined, refused, wrong, undefined, refused]) {
    error = each
    for (let count = 0; count < 5; count += 1) await app.inject('/health/ready')
  }
  const away = { msg: 'A dependency is away', dependency: 'database' }
  t.match(lines, [
    { ...away, cause: 'connection refused', detail: /10\.0\.0\.7/ },
    { ...away, cause: 'password authentication failed', detail: /for x/ },
    { msg: 'A dependency is back', dependency: 'database' },
    { ...away, cause: 'connection refused' },
  ])
  t.equal(lines.length, 4)
})

t.test('the unavailable dependencies of another service are included', async (t) => {
  const details = { redis: 'timed out', postgres: 'disk full' }
  const { app } = await appWith(t, {
    before: (service) =>
      service.addReadinessCheck('product', async () => {
        throw new ApiError('SERVICE_UNAVAILABLE', { details })
      }),
  })
  const answer = await app.inject('/health/ready')
  t.strictSame(answer.json().details, { product: 'redis: timed out, postgres: disk full' })
})

t.test('a check that hangs times out', async (t) => {
  const { app } = await appWith(t, {
    before: (service) => service.addReadinessCheck('database', () => new Promise(() => {})),
  })
  t.strictSame((await app.inject('/health/ready')).json().details, { database: 'timed out' })
})

t.test('a stopping service is not ready, closes connections, and still responds', async (t) => {
  const { app } = await appWith(t)
  t.not((await app.inject('/health')).headers.connection, 'close')
  app.draining = true
  const response = await app.inject('/health/ready')
  t.equal(response.statusCode, 503)
  t.strictSame(response.json().details, { service: 'stopping' })
  const health = await app.inject('/health')
  t.equal(health.statusCode, 200)
  t.equal(health.headers.connection, 'close')
})
