import { Agent } from 'node:http'
import { type Environment, environment, metricsPortOffset } from '@flash-deal/config'
import { until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import type { ServiceName } from '../services.ts'
import { startStack } from '../stack.ts'
import { type Answer, ask, type Question } from './ask.ts'
import { inWords } from './load.ts'
import { openShop } from './shop.ts'

/** A system in which a service starts before one of its dependencies. */

const settings = { DEADLINE_MS: '2000', QUERY_TIMEOUT_MS: '1000', DRAIN_MS: '0' }
const stack = await startStack({ settings })
t.teardown(() => stack.end())
const shop = await openShop(stack)

const agent = new Agent()
/** Twice the deadline: a request without a response by then hangs. */
const withinMs = 4_000
const asked = (name: ServiceName, question: Question): Promise<Answer> =>
  ask({ origin: stack.addresses[name], agent, withinMs }, question)
const liveness = (name: ServiceName): Promise<Answer> => asked(name, { path: '/health' })
const readiness = (name: ServiceName): Promise<Answer> => asked(name, { path: '/health/ready' })

const metricsOf = async (name: ServiceName): Promise<string> => {
  const url = new URL('/metrics', stack.addresses[name])
  url.port = String(Number(url.port) + metricsPortOffset)
  return (await fetch(url)).text()
}

const { token, productId, orderId } = shop
const questions = {
  'a log-in': { path: '/auth/login', body: { email: 'nobody@example.com', password: 'of-no-use' } },
  'a list': { path: '/products' },
  'an order': { path: '/orders', token, body: { items: [{ product_id: productId, quantity: 1 }] } },
  'a look': { path: `/orders/${orderId}`, token },
} satisfies Record<string, Question>

type What = keyof typeof questions

export type Start = {
  name: ServiceName
  settings?: Environment
  missing: string
  /** The dependencies that readiness reports. */
  away: string[]
  turnedAway: What[]
  served?: What[]
}

/** Starts a service without a dependency, checks it, and makes the dependency available. */
const startsWithout = async (t: Test, start: Start): Promise<void> => {
  const { name, missing } = start
  await stack.supervisor.stop(missing)
  await stack.supervisor.stop(name)
  await stack.restartUnready(name, start.settings)
  const pid = stack.supervisor.pid(name)
  await until(async () => (await liveness(name)).status > 0, `${name} listens`)
  await isUnready(t, start)
  await stack.restart(missing)
  await until(async () => (await readiness('gateway')).status === 200, 'the gateway is ready')
  t.equal((await readiness(name)).status, 200, 'it is ready by itself')
  t.equal(stack.supervisor.pid(name), pid, 'it is the same process still')
  await allWork(t)
}

const isUnready = async (t: Test, { name, away, turnedAway, served = [] }: Start) => {
  t.strictSame(namesIn(await readiness(name)), away, 'it names the unavailable dependencies')
  for (const what of turnedAway) {
    t.equal(inWords(await asked('gateway', questions[what])), '503 with Retry-After', what)
  }
  for (const what of served) t.equal((await asked('gateway', questions[what])).status, 200, what)
  t.equal((await liveness(name)).status, 200, 'it is alive')
}

/** The unavailable dependencies in readiness. */
const namesIn = ({ body }: Answer): string[] => {
  const { details = {} } = JSON.parse(body) as { details?: Record<string, string> }
  return Object.keys(details)
}

const allWork = async (t: Test): Promise<void> => {
  for (const [what, question] of Object.entries(questions)) {
    const { status } = await asked('gateway', question)
    t.ok(status < 500, `${what}: ${status}`)
  }
}

export const starts: readonly Start[] = [
  { name: 'auth', missing: 'postgres', away: ['postgres'], turnedAway: ['a log-in'] },
  { name: 'product', missing: 'postgres', away: ['postgres'], turnedAway: ['a list', 'an order'] },
  { name: 'order', missing: 'postgres', away: ['postgres'], turnedAway: ['an order', 'a look'] },
  { name: 'order', missing: 'product', away: ['product'], turnedAway: ['an order'] },
  { name: 'gateway', missing: 'auth', away: ['auth'], turnedAway: ['a log-in', 'a look'] },
  {
    name: 'gateway',
    missing: 'product',
    // Without product, order is not ready either.
    away: ['product', 'order'],
    turnedAway: ['a list', 'an order'],
    served: ['a look'],
  },
  {
    name: 'gateway',
    missing: 'order',
    away: ['order'],
    turnedAway: ['an order', 'a look'],
    served: ['a list'],
  },
]

export const testStart = (start: Start): void => {
  const { name, missing } = start
  t.test(
    `${name} starts without ${missing}, responds 503 meanwhile, and works when it is available`,
    (t) => startsWithout(t, start),
  )
}

export const testStartWithoutRedis = (): void => {
  t.test(
    'product with a Redis cache starts without Redis, queries the database, and uses Redis when it is available',
    { skip: environment().TEST_REDIS_URL === undefined && 'there is no Redis' },
    async (t) => {
      await startsWithout(t, {
        name: 'product',
        settings: { SCENARIO_E2: 'optimized' },
        missing: 'valkey',
        away: ['redis'],
        turnedAway: [],
        served: ['a list'],
      })
      t.match(
        await metricsOf('product'),
        /scenario_witness_total\{[^}]*redis_(hit|miss)[^}]*\} [1-9]/,
      )
    },
  )
}
