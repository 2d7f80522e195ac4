import { statSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings, resolveScenarios } from '@flash-deal/config'
import t from 'tap'
import { readSecrets } from '../secrets.ts'
import { databaseUrls, rolePasswords, serviceEnvironments } from '../services.ts'

const around = (state: string, inherited: Record<string, string> = {}) => ({
  settings: readSettings('local', inherited),
  resolved: resolveScenarios({}, inherited),
  inherited,
  state,
  secrets: readSecrets(state),
  adminUrl: 'postgres://postgres:admin-password@127.0.0.1:8432/postgres',
  redisUrl: 'redis://127.0.0.1:8379',
  kafkaBrokers: ['127.0.0.1:8392'],
  redlockUrls: ['redis://127.0.0.1:8381', 'redis://127.0.0.1:8382', 'redis://127.0.0.1:8383'],
})

t.test('a service does not get the secrets of another', async (t) => {
  const inherited = { DATABASE_URL: 'postgres://admin@x/y', JWT_PRIVATE_KEY: 'key' }
  const { auth, product, order, gateway } = serviceEnvironments(around(t.testdir({}), inherited))
  const secretsOf = (env: object) =>
    Object.keys(env)
      .filter((name) => /DATABASE_URL|REDIS_URL|REDLOCK_URLS|PRIVATE|PASSWORD/.test(name))
      .sort()
  t.strictSame(secretsOf(auth), ['AUTH_DATABASE_URL', 'JWT_PRIVATE_KEY'])
  t.strictSame(secretsOf(product), ['PRODUCT_DATABASE_URL', 'REDIS_URL', 'REDLOCK_URLS'])
  t.strictSame(secretsOf(order), ['ORDER_DATABASE_URL'])
  t.strictSame(secretsOf(gateway), ['REDIS_URL'])
  t.notMatch(JSON.stringify([auth, product, order, gateway]), /admin-password/)
})

t.test('upstream URLs follow the ports unless the user sets them', async (t) => {
  const inherited = { AUTH_PORT: '8101', ORDER_URLS: 'http://elsewhere:1' }
  const { gateway } = serviceEnvironments(around(t.testdir({}), inherited))
  t.match(gateway, { AUTH_URLS: 'http://127.0.0.1:8101', ORDER_URLS: 'http://elsewhere:1' })
})

t.test('two copies on one server use the same role passwords', async (t) => {
  const [first, second] = ['a', 'b'].map((copy) =>
    rolePasswords(databaseUrls(around(join(t.testdir({ a: {}, b: {} }), copy)))),
  )
  t.strictSame(first, second)
  t.equal(new Set(Object.values(first ?? {})).size, 3)
})

t.test('secrets are stored, and only their owner can read them', async (t) => {
  const state = t.testdir({})
  t.strictSame(readSecrets(state), readSecrets(state))
  t.equal(statSync(join(state, 'secrets.env')).mode & 0o777, 0o600)
})

t.test("a service inherits only settings and Node's variables from the shell", async (t) => {
  const inherited = {
    PATH: '/bin',
    LOG_LEVEL: 'warn',
    SCENARIO_E2: 'memory',
    NODE_OPTIONS: '--use-env-proxy --no-warnings',
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: 'http://proxy',
    AWS_SECRET_ACCESS_KEY: 'secret',
    'my-app-name': 'x',
  }
  const { gateway } = serviceEnvironments(around(t.testdir({}), inherited))
  t.match(gateway, { PATH: '/bin', LOG_LEVEL: 'warn', SCENARIO_E2: 'memory' })
  t.equal(gateway.NODE_OPTIONS?.trim(), '--no-warnings')
  for (const name of ['NODE_USE_ENV_PROXY', 'HTTP_PROXY', 'AWS_SECRET_ACCESS_KEY', 'my-app-name'])
    t.notOk(name in gateway, name)
})
