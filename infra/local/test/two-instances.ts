import type { Environment } from '@flash-deal/config'
import type { Test } from 'tap'
import { freePorts } from '../ports.ts'
import { type Stack, startStack } from '../stack.ts'
import { nextOrder, otherThan, startLoad } from './load.ts'
import { briskSettings, brokenAtRest, openShop } from './shop.ts'
import { within } from './within.ts'

/** Two instances of auth, product and order behind one gateway. */

const services = ['auth', 'product', 'order'] as const
type Service = (typeof services)[number]

const address = (port: number): string => `http://127.0.0.1:${port}`

/** The first instance of each is named like its service, the second one `product-2`. */
const startTwice = async (settings: Environment): Promise<Stack> => {
  const ports = await freePorts(2 * services.length)
  const places = services.map((service, index) => ({
    service,
    first: ports[2 * index] ?? 0,
    second: ports[2 * index + 1] ?? 0,
  }))
  const addresses = places.flatMap(({ service, first, second }) => [
    [`${service.toUpperCase()}_PORT`, String(first)],
    [`${service.toUpperCase()}_URLS`, `${address(first)},${address(second)}`],
  ])
  const stack = await startStack({
    settings: {
      LOG_LEVEL: 'warn',
      ...briskSettings,
      ...settings,
      ...Object.fromEntries(addresses),
    },
  })
  for (const { service, second } of places) {
    await stack.startBeside({ service, name: `${service}-2`, port: second })
  }
  return stack
}

const exitWithinMs = 30_000

/** Stops the first instance of each of these with SIGTERM during a sale, and starts it again. */
const roll = async (stack: Stack, names: readonly Service[]) => {
  const load = startLoad(await openShop(stack), { perSecond: 30, answerWithinMs: exitWithinMs })
  await load.burst(30)
  for (const name of names) stack.supervisor.kill(name, 'SIGTERM')
  const ended = Promise.all(names.map((name) => stack.supervisor.exited(name)))
  const exits = await within(exitWithinMs, ended)
  await nextOrder(load)
  for (const name of names) await stack.restart(name)
  await nextOrder(load)
  await load.stop()
  return { ...load, codes: exits.map((exit) => exit?.code) }
}

/** While the first instances of these services are away, no client notices. */
const restarts = async (t: Test, stack: Stack, names: readonly Service[]): Promise<void> => {
  const { answers, bought, codes } = await roll(stack, names)
  t.ok(
    codes.every((code) => code === 0),
    `they end with code ${codes}`,
  )
  const failed = otherThan(['200', '201'], answers)
  t.strictSame(failed, {}, 'every request succeeds')
  if (Object.keys(failed).length > 0) t.comment(stack.supervisor.lastLines('gateway').join('\n'))
  t.ok(bought.length >= 10, `${bought.length} orders were placed`)
  t.strictSame(await brokenAtRest(stack, bought), [], 'no acknowledged order is lost')
}

/** One instance of each service is away at the same time. */
export const restartTogether = async (t: Test, settings: Environment): Promise<void> => {
  const stack = await startTwice(settings)
  t.teardown(() => stack.end())
  await restarts(t, stack, services)
}

/** One test for each service. */
export const restartInTurn = async (t: Test, settings: Environment): Promise<void> => {
  const stack = await startTwice(settings)
  t.teardown(() => stack.end())
  for (const service of services) {
    await t.test(`one of two instances of ${service} is stopped and started again`, (t) =>
      restarts(t, stack, [service]),
    )
  }
}
