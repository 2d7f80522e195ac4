import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import t, { type Test } from 'tap'
import { endOf, freePort, startChild } from './child.ts'
import { until } from './until.ts'

const refusal = async (t: Test, settings: Record<string, string>): Promise<string> => {
  const { code, stdout, stderr } = await endOf(startChild(t, settings))
  t.equal(code, 1)
  t.equal(stdout, '')
  return stderr
}

t.test('every invalid setting ends the process with a message about it', async (t) => {
  const stderr = await refusal(t, { AUTH_PORT: 'x', JWT_ALG: 'none', DEADLINE_MS: '1' })
  t.strictSame(stderr.trim().split('\n').sort(), [
    'AUTH_PORT must be a whole number from 1 to 64535.',
    'DEADLINE_MS must be a whole number from 100 to 60000.',
    'JWT_ALG must be one of RS256, ES256, EdDSA.',
  ])
})

t.test('a scenario that cannot be switched on ends the process with a message', async (t) => {
  const stderr = await refusal(t, { SCENARIO_E2: 'fast' })
  t.equal(
    stderr,
    'Scenario E2 has no variant "fast". Allowed: baseline, optimized, memory, single.\n',
  )
})

t.test('in production all missing secrets are listed, and no value is shown', async (t) => {
  const stderr = await refusal(t, {
    NODE_ENV: 'production',
    AUTH_DATABASE_URL: 'postgres://auth_service:development-only@db:5432/flash_deal',
  })
  t.strictSame(stderr.trim().split('\n').sort(), [
    'AUTH_DATABASE_URL is a secret and must be set in production.',
    'INTERNAL_KEY is a secret and must be set in production.',
    'JWT_PRIVATE_KEY is a secret and must be set in production.',
  ])
})

t.test('the error for a missing secret does not show the others', async (t) => {
  const stderr = await refusal(t, {
    NODE_ENV: 'production',
    INTERNAL_KEY: 'this must not be shown',
    AUTH_DATABASE_URL: 'postgres://auth_service:nor-this@db:5432/flash_deal',
  })
  t.equal(stderr, 'JWT_PRIVATE_KEY is a secret and must be set in production.\n')
})

t.test('a port in use ends the process with a message', async (t) => {
  const port = await freePort()
  const taken = createServer().listen(port, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const stderr = await refusal(t, { AUTH_PORT: String(port) })
  t.match(stderr, `address already in use 127.0.0.1:${port}`)
  t.equal(stderr.trim().split('\n').length, 1)
})

t.test('a metrics port in use ends the process with a message', async (t) => {
  const port = await freePort()
  const taken = createServer().listen(port + 1_000, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const stderr = await refusal(t, { AUTH_PORT: String(port) })
  t.match(stderr, `address already in use 127.0.0.1:${port + 1_000}`)
})

const accepts = (host: string, port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port })
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

t.test('a service listens on one address of localhost, whose connections it limits', async (t) => {
  const port = await freePort()
  const settings = { AUTH_PORT: String(port), HOST: 'localhost' }
  startChild(t, settings, import.meta.resolve('./fixtures/two-addresses.ts'))
  // The metrics server is the last to listen.
  await until(() => accepts('127.0.0.1', port + 1_000))
  const accepting = await Promise.all(['127.0.0.1', '::1'].map((host) => accepts(host, port)))
  t.strictSame(accepting, [true, false])
})
