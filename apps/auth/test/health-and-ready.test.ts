import { resolveScenarios } from '@flash-deal/config'
import { asAdmin, assertRefused, freshDatabase } from '@flash-deal/testing'
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

t.test('health shows the active variants', async (t) => {
  const on = await buildAuth(t, { database, scenarios: { E2: 'memory' } })
  t.match((await getAs(on, '/health')).json(), { scenarios: { E2: 'memory', M1: 'baseline' } })
})

t.test('ready names the required dependencies', async (t) => {
  const answer = await getAs(app, '/health/ready')
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), {
    status: 'ready',
    service: 'auth-service',
    dependencies: { postgres: 'up' },
  })
})

t.test('while the database is unavailable', async (t) => {
  // Nothing listens on port 1.
  const AUTH_DATABASE_URL = 'postgres://auth_service:test@127.0.0.1:1/flash_deal'
  const cut = await buildAuth(t, { database, settings: { JWT_PRIVATE_KEY, AUTH_DATABASE_URL } })
  const { access_token, refresh_token, user } = await newSession(app)

  t.test('the service is alive, but not ready and names the dependency', async (t) => {
    t.equal((await getAs(cut, '/health')).statusCode, 200)
    const answer = await getAs(cut, '/health/ready')
    assertRefused(t, answer, 503, 'SERVICE_UNAVAILABLE', ['postgres'])
    t.notMatch(answer.body, /127\.0\.0\.1|ECONN/)
  })

  t.test('readiness gives the reason, without addresses and secrets', async (t) => {
    const url = new URL(database.urls.AUTH_DATABASE_URL)
    const causes: Record<string, (address: URL) => void> = {
      'password authentication failed': (address) => {
        address.password = 'swordfish'
      },
      'database not found': (address) => {
        address.pathname = '/nothing'
      },
      'host not found': (address) => {
        address.hostname = 'nothing.invalid'
      },
      'connection refused': (address) => {
        address.port = '1'
      },
    }
    for (const [cause, spoil] of Object.entries(causes)) {
      const address = new URL(url)
      spoil(address)
      const settings = { JWT_PRIVATE_KEY, AUTH_DATABASE_URL: address.href }
      const answer = await getAs(await buildAuth(t, { database, settings }), '/health/ready')
      assertRefused(t, answer, 503, 'SERVICE_UNAVAILABLE', ['postgres'])
      t.strictSame(answer.json().details, { postgres: cause })
    }
  })

  t.test('operations that need it get 503 with Retry-After', async (t) => {
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

  t.test('tokens are still verified, and keys are still listed', async (t) => {
    t.strictSame((await verify(cut, access_token)).json(), { valid: true, user_id: user.id })
    t.equal((await getAs(cut, '/auth/.well-known/jwks.json')).statusCode, 200)
  })
})

t.test('with a full disk a service is not ready until there is space again', async (t) => {
  const own = await freshDatabase()
  t.teardown(() => own.drop())
  // With this limit PostgreSQL rejects every temporary file. The trigger simulates a table that cannot
  // grow.
  await asAdmin(own, `alter database ${own.name} set temp_file_limit = 0`)
  await asAdmin(
    own,
    `create function no_room() returns trigger language plpgsql as
      $$ begin raise exception using errcode = '53100', message = 'No space left on device'; end $$;
    create trigger no_room before insert on auth.users execute function no_room()`,
  )
  const full = await buildAuth(t, { database: own, settings: { JWT_PRIVATE_KEY } })
  const ready = () => getAs(full, '/health/ready')
  t.equal((await ready()).statusCode, 200, 'nothing has been stored yet')
  assertRefused(t, await register(full, someone()), 503, 'SERVICE_UNAVAILABLE')
  for (let count = 0; count < 2; count += 1) {
    const answer = await ready()
    assertRefused(t, answer, 503, 'SERVICE_UNAVAILABLE', ['postgres'])
    t.strictSame(answer.json().details, { postgres: 'disk full' })
  }
  await asAdmin(own, 'drop trigger no_room on auth.users')
  await asAdmin(own, `alter database ${own.name} reset temp_file_limit`)
  // The new limit applies only to new connections.
  const others = "datname = current_database() and application_name = 'auth'"
  await asAdmin(own, `select pg_terminate_backend(pid) from pg_stat_activity where ${others}`)
  const end = performance.now() + 60_000
  while ((await ready()).statusCode !== 200 && performance.now() < end);
  t.equal((await ready()).statusCode, 200)
  t.equal((await register(full, someone())).statusCode, 201)
})

t.test(
  'a stopping service is alive, not ready, and closes the connections of its callers',
  async (t) => {
    const stopping = await buildAuth(t, { database, settings: { JWT_PRIVATE_KEY } })
    stopping.draining = true
    const ready = await getAs(stopping, '/health/ready')
    assertRefused(t, ready, 503, 'SERVICE_UNAVAILABLE', ['service'])
    const health = await getAs(stopping, '/health')
    t.strictSame([health.statusCode, health.headers.connection], [200, 'close'])
  },
)

t.test('an unknown path is 404, with an invalid token or without one', async (t) => {
  for (const authorization of [undefined, 'Bearer nonsense']) {
    for (const url of ['/', '/auth', '/auth/nothing', '/auth/users/me/more', '/health/x', '/%zz']) {
      assertRefused(t, await getAs(app, url, authorization), 404, 'NOT_FOUND')
    }
  }
})
