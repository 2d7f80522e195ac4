import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { environment } from '@flash-deal/config'
import t from 'tap'
import { freePorts } from '../ports.ts'
import { isAlive } from '../process-info.ts'
import { lockStateFolder } from '../state-folder.ts'

/** Runs the launcher, or a part of `make dev`, with settings that it must reject. */
const refusal = async (settings: Record<string, string>, program = 'run.ts', ...args: string[]) => {
  const [GATEWAY_PORT, AUTH_PORT, PRODUCT_PORT, ORDER_PORT, POSTGRES_PORT, VALKEY_PORT] = (
    await freePorts(6)
  ).map(String)
  const ports = { GATEWAY_PORT, AUTH_PORT, PRODUCT_PORT, ORDER_PORT, POSTGRES_PORT, VALKEY_PORT }
  const env = { ...environment(), SCENARIOS: '', ...ports, ...settings }
  const run = spawn(process.execPath, [join(import.meta.dirname, '..', program), ...args], { env })
  const { promise, resolve } = Promise.withResolvers<number | null>()
  run.on('exit', resolve)
  const [out, error, code] = await Promise.all([text(run.stdout), text(run.stderr), promise])
  return { out, error, code }
}

const watchdogOf = (state: string): number =>
  existsSync(join(state, 'run.json'))
    ? JSON.parse(readFileSync(join(state, 'run.json'), 'utf8')).watchdog.pid
    : 0

t.test('a port in use is one message with its setting, and nothing is started', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const state = t.testdir({})
  const { code, error } = await refusal({ ORDER_PORT: String(port), STATE_DIR: state })
  t.equal(
    error,
    `Port ${port} (ORDER_PORT) is taken by another program. Stop it, or set ORDER_PORT to a free one.\n`,
  )
  t.equal(code, 1)
  t.notOk(existsSync(join(state, 'postgres')))
  t.notOk(isAlive(watchdogOf(state) || 2 ** 22))
})

t.test('a state folder that is not writable is one message', async (t) => {
  const file = join(t.testdir({ file: '' }), 'file')
  const { code, error } = await refusal({ STATE_DIR: join(file, 'state') })
  t.match(error, /^The state folder .* cannot be written \(ENOTDIR\)\. .* set STATE_DIR .*\n$/)
  t.equal(code, 1)
})

t.test('a second copy in the same state folder is rejected', async (t) => {
  const state = t.testdir({})
  await lockStateFolder(state)
  const { code, error } = await refusal({ STATE_DIR: state })
  t.match(error, /^Another copy is running with the state folder .*\n$/)
  t.equal(code, 1)
})

t.test('the same port for two settings is rejected', async (t) => {
  const { code, error } = await refusal({
    AUTH_PORT: '18001',
    ORDER_PORT: '18001',
    STATE_DIR: t.testdir({}),
  })
  t.match(error, /Port 18001 is set for both auth \(AUTH_PORT\) and order \(ORDER_PORT\)\./)
  t.equal(code, 1)
})

t.test('an invalid setting is reported by name', async (t) => {
  const { code, error } = await refusal({ GATEWAY_PORT: 'eighty', STATE_DIR: t.testdir({}) })
  t.equal(error, 'GATEWAY_PORT must be a whole number from 1 to 64535.\n')
  t.equal(code, 1)
})

t.test('a scenario that needs Redis is rejected without one, with advice', async (t) => {
  const settings = {
    SCENARIO_E2: 'optimized',
    PATH: '/nowhere',
    REDIS_URL: '',
    STATE_DIR: t.testdir({}),
  }
  const { code, error } = await refusal(settings)
  t.match(
    error,
    /^E2=optimized needs Redis, and there is none: .* Set REDIS_URL, install valkey-server/,
  )
  t.equal(code, 1)
})

t.test('a configured server that does not respond is reported immediately', async (t) => {
  const [port] = await freePorts(1)
  const postgres = await refusal({
    DATABASE_URL: `postgres://127.0.0.1:${port}/shop`,
    STATE_DIR: t.testdir({}),
  })
  t.equal(
    postgres.error,
    `No PostgreSQL answers at 127.0.0.1:${port} (ECONNREFUSED). Start it, or correct DATABASE_URL.\n`,
  )
  const redis = { REDIS_URL: `redis://127.0.0.1:${port}`, SCENARIO_E2: 'optimized' }
  const { code, error } = await refusal({ ...redis, STATE_DIR: t.testdir({}) })
  t.match(error, /^No Redis answers at 127.0.0.1:\d+ \(ECONNREFUSED\)\..* correct REDIS_URL\.\n$/)
  t.equal(code, 1)
})

t.test('a misspelt variable is reported', async (t) => {
  const { code, error } = await refusal({ SCENARIOS_E2: 'optimized', STATE_DIR: t.testdir({}) })
  t.match(error, /^"SCENARIOS_E2" switches nothing\./)
  t.equal(code, 1)
})

t.test('Kong is rejected, because it runs in containers only', async (t) => {
  const { code, error } = await refusal({ SCENARIO_H5: 'kong', STATE_DIR: t.testdir({}) })
  t.match(error, /^H5=kong needs Kong, which runs in containers only\. Use docker compose/)
  t.equal(code, 1)
})

t.test('make dev rejects the proxies that it does not start', async (t) => {
  for (const [SCENARIO_H5, sentence] of [
    ['envoy', /^H5=envoy needs Envoy, which make dev does not start\. Use make run/],
    ['kong', /^H5=kong needs Kong, which runs in containers only/],
  ] as const) {
    const settings = { SCENARIO_H5, STATE_DIR: t.testdir({}) }
    const { code, error } = await refusal(settings, 'dev.ts', 'catalogue')
    t.match(error, sentence)
    t.equal(code, 1)
  }
})

t.test(
  'Redlock fails the start without its Valkeys, and the message says how to provide them',
  async (t) => {
    const settings = {
      SCENARIO_M1: 'redlock',
      REDLOCK_PORTS: (await freePorts(3)).join(),
      PATH: '/nowhere',
      REDIS_URL: '',
      STATE_DIR: t.testdir({}),
    }
    const { code, error } = await refusal(settings)
    t.match(
      error,
      /^M1=redlock needs three Valkeys, and there is none: .* Set REDLOCK_URLS, install valkey-server/,
    )
    t.equal(code, 1)
    t.notOk(existsSync(join(settings.STATE_DIR, 'postgres')), 'nothing was started')
  },
)

t.test('Redlock needs three free ports', async (t) => {
  const own = { SCENARIO_M1: 'redlock', REDIS_URL: '' }
  const two = await refusal({ ...own, REDLOCK_PORTS: '1,2', STATE_DIR: t.testdir({}) })
  t.equal(two.error, 'REDLOCK_PORTS must be 3 ports from 1 to 64535 with commas between them.\n')
  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const [a, b] = await freePorts(2)
  const taken = await refusal({
    ...own,
    REDLOCK_PORTS: `${a},${port},${b}`,
    STATE_DIR: t.testdir({}),
  })
  t.match(taken.error, new RegExp(`^Port ${port} \\(REDLOCK_PORTS\\) is taken`))
})
