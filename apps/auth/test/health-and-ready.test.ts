import { resolveScenarios } from '@flash-deal/config'
import { assertRefused, freshDatabase } from '@flash-deal/testing'
import t from 'tap'
import {
  buildAuth,
  getAs,
  logIn,
  newSession,
  refresh,
  register,
  someone,
  verify,
} from './client.ts'
import { pemOf, rsaKeys } from './jws.ts'

const JWT_PRIVATE_KEY = pemOf(rsaKeys().privateKey)
const database = await freshDatabase()
t.teardown(() => database.drop())
const app = await buildAuth(t, { database, settings: { JWT_PRIVATE_KEY } })

t.test('health names the service and the variant of every scenario', async (t) => {
  const answer = await getAs(app, '/health')
  t.equal(answer.statusCode, 200)
  const { scenarios } = resolveScenarios({}, {})
  t.strictSame(answer.json(), { status: 'healthy', service: 'auth-service', scenarios })
})

t.test('health shows what is switched on', async (t) => {
  const on = await buildAuth(t, { database, scenarios: { E2: 'memory' } })
  t.match((await getAs(on, '/health')).json(), { scenarios: { E2: 'memory', M1: 'baseline' } })
})

t.test('ready names what the service cannot do without', async (t) => {
  const answer = await getAs(app, '/health/ready')
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), {
    status: 'ready',
    service: 'auth-service',
    dependencies: { postgres: 'up' },
  })
})

t.test('while the database is away', async (t) => {
  // Nothing listens on port 1.
  const AUTH_DATABASE_URL = 'postgres://auth_service:test@127.0.0.1:1/flash_deal'
  const cut = await buildAuth(t, { database, settings: { JWT_PRIVATE_KEY, AUTH_DATABASE_URL } })
  const { access_token, refresh_token, user } = await newSession(app)

  t.test('the service lives, but is not ready and names what is away', async (t) => {
    t.equal((await getAs(cut, '/health')).statusCode, 200)
    const answer = await getAs(cut, '/health/ready')
    assertRefused(t, answer, 503, 'SERVICE_UNAVAILABLE', ['postgres'])
    t.notMatch(answer.body, /127\.0\.0\.1|ECONN/)
  })

  t.test('what needs it answers 503 with the time to come again', async (t) => {
    const { email, password } = someone()
    const profile = await getAs(cut, '/auth/users/me', `Bearer ${access_token}`)
    const answers = [
      await register(cut, someone()),
      await logIn(cut, { email, password }),
      await refresh(cut, refresh_token),
      profile,
    ]
    for (const answer of answers) {
      assertRefused(t, answer, 503, 'SERVICE_UNAVAILABLE')
      t.notMatch(answer.body, /127\.0\.0\.1|ECONN/)
    }
  })

  t.test('tokens are verified and keys are shown all the same', async (t) => {
    t.strictSame((await verify(cut, access_token)).json(), { valid: true, user_id: user.id })
    t.equal((await getAs(cut, '/auth/.well-known/jwks.json')).statusCode, 200)
  })
})

t.test('a service that stops is alive, not ready, and lets go of its callers', async (t) => {
  const stopping = await buildAuth(t, { database, settings: { JWT_PRIVATE_KEY } })
  stopping.draining = true
  const ready = await getAs(stopping, '/health/ready')
  assertRefused(t, ready, 503, 'SERVICE_UNAVAILABLE', ['service'])
  const health = await getAs(stopping, '/health')
  t.strictSame([health.statusCode, health.headers.connection], [200, 'close'])
})

t.test('an address that nobody knows is not found, with a bad token or without', async (t) => {
  for (const authorization of [undefined, 'Bearer nonsense']) {
    for (const url of ['/', '/auth', '/auth/nothing', '/auth/users/me/more', '/health/x', '/%zz']) {
      assertRefused(t, await getAs(app, url, authorization), 404, 'NOT_FOUND')
    }
  }
})
