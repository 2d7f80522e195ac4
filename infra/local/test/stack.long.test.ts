import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { storedIn } from '@flash-deal/testing'
import t from 'tap'
import { createClient } from '../api-client.ts'
import { freePorts } from '../ports.ts'
import { isAlive } from '../process-info.ts'
import { startStack } from '../stack.ts'

/** A separate system, for measurements and faults. */

const stack = await startStack({ settings: { SCENARIO_E2: 'memory' } })
let ended: Promise<void> | undefined
const end = () => (ended ??= stack.end())
t.teardown(end)

type Health = { scenarios: Record<string, string> }
const healthOf = async (url: string): Promise<Health> =>
  (await (await fetch(`${url}/health`)).json()) as Health

const listsProducts = async (): Promise<number> => (await fetch(`${stack.url}/products`)).status

t.test('its services run with the requested variants', async (t) => {
  for (const url of Object.values(stack.addresses)) {
    t.equal((await healthOf(url)).scenarios.E2, 'memory')
  }
})

for (const name of ['product', 'postgres', 'valkey']) {
  t.test(`${name} works again after it was killed and restarted`, async (t) => {
    const before = stack.supervisor.pid(name)
    stack.supervisor.kill(name, 'SIGKILL')
    await stack.restart(name)
    t.not(stack.supervisor.pid(name), before)
    t.equal(await listsProducts(), 200)
  })
}

t.test('a stopped service can be restarted with other settings', async (t) => {
  await stack.supervisor.stop('product')
  await stack.restart('product', { SCENARIO_E2: 'baseline' })
  t.equal((await healthOf(stack.addresses.product)).scenarios.E2, 'baseline')
})

t.test('an additional instance has the Valkeys that its scenario needs', async (t) => {
  const [port = 0] = await freePorts(1)
  const settings = { SCENARIO_M1: 'redlock' }
  const names = [1, 2, 3].map((n) => `redlock-${n}`)
  const running = () => names.map((name) => stack.supervisor.pid(name) !== undefined)
  t.strictSame(running(), [false, false, false])
  const url = await stack.startBeside({ service: 'product', name: 'with locks', port, settings })
  t.equal((await healthOf(url)).scenarios.M1, 'redlock')
  t.strictSame(running(), [true, true, true])
  await stack.supervisor.stop('with locks')
})

t.test('a copy of its database has the same rows, and its own scenarios', async (t) => {
  const body = { email: `${randomUUID()}@example.com`, password: randomUUID(), name: 'Ada' }
  await createClient(stack.url)('/auth/register', { body })
  for (const name of Object.keys(stack.addresses)) await stack.supervisor.stop(name)
  await stack.copyDatabase('with_indexes', { M3: 'optimized' })
  const adminUrl = stack.adminUrl.replace(/\w+$/, 'with_indexes')
  t.strictSame(await storedIn({ adminUrl }), await storedIn(stack))

  for (const name of Object.keys(stack.addresses)) await stack.restart(name)
  const [port = 0] = await freePorts(1)
  const settings = { ...stack.settingsFor('with_indexes'), SCENARIO_M3: 'optimized' }
  const url = await stack.startBeside({ service: 'product', name: 'with indexes', port, settings })
  t.equal((await healthOf(url)).scenarios.M3, 'optimized')
  t.equal((await healthOf(stack.addresses.product)).scenarios.M3, 'baseline')
  await stack.supervisor.stop('with indexes')
})

t.test('no processes or files are left', async (t) => {
  const names = ['postgres', 'valkey', 'redlock-1', 'auth', 'product', 'order', 'gateway']
  const pids = names.map((name) => stack.supervisor.pid(name) ?? 0)
  t.notOk(pids.includes(0))
  await end()
  t.strictSame(pids.filter(isAlive), [])
  t.notOk(existsSync(stack.settings.STATE_DIR))
  t.ok(existsSync(dirname(stack.settings.STATE_DIR)))
})
