import { Agent } from 'node:http'
import { until } from '@flash-deal/testing'
import type { Test } from 'tap'
import type { ServiceName } from '../services.ts'
import { ask } from './ask.ts'
import { type Load, nextOrder, otherThan, startLoad } from './load.ts'
import { briskSettings, brokenAtRest, type Shop } from './shop.ts'
import { within } from './within.ts'

/** A rolling restart stops the services one after the other during a sale. */

// Requests that were sent before the signal arrive within this time, even on a busy machine.
const drainMs = 3_000

export const rollingSettings = { ...briskSettings, DRAIN_MS: String(drainMs) }

export const exitWithinMs = 10_000

export type Rolled = Load & {
  code: number | null | undefined
  signalledAt: number
  /** The time at which readiness became false. */
  drainingAt: number
  exitedAt: number
}

/** Sends SIGTERM while requests are in flight, and restarts the process. */
export const roll = async (shop: Shop, name: ServiceName): Promise<Rolled> => {
  const { stack } = shop
  // An order costs some 10 ms of CPU here; this rate leaves CPU for other tests.
  const load = startLoad(shop, { perSecond: 20, answerWithinMs: exitWithinMs })
  await load.burst(30)
  const signalledAt = performance.now()
  stack.supervisor.kill(name, 'SIGTERM')
  const exiting = within(exitWithinMs, stack.supervisor.exited(name))
  const to = { origin: stack.addresses[name], agent: new Agent(), withinMs: exitWithinMs }
  await until(async () => {
    return (await ask(to, { path: '/health/ready' })).status !== 200
  }, `${name} is not ready`)
  const drainingAt = performance.now()
  const exit = await exiting
  const exitedAt = performance.now()
  await stack.restart(name)
  await nextOrder(load)
  await load.stop()
  return { ...load, code: exit?.code, signalledAt, drainingAt, exitedAt }
}

export const done = ['200', '201']

/** The outcomes without a response of requests that were sent before the signal. */
export const leftUndone = ({ answers, signalledAt }: Rolled): Record<string, number> =>
  otherThan(
    done,
    answers.filter(({ sentAt }) => sentAt < signalledAt),
  )

/** Orders that were sent and placed during the draining. */
export const placedMeanwhile = ({ bought, drainingAt, exitedAt }: Rolled): number =>
  bought.filter(({ sentAt }) => sentAt > drainingAt && sentAt < exitedAt).length

/** A service behind the gateway. */
export const serviceRolls = (t: Test, shop: Shop, name: 'auth' | 'product' | 'order'): unknown =>
  t.test(`SIGTERM of ${name} during a sale`, async (t) => {
    const rolled = await roll(shop, name)
    t.equal(rolled.code, 0, 'ends with code 0')
    t.strictSame(leftUndone(rolled), {}, 'completes the requests in progress')
    t.not(placedMeanwhile(rolled), 0, 'takes part in new orders for a while')
    const others = otherThan([...done, '503 with Retry-After'], rolled.answers)
    t.strictSame(others, {}, 'leaves no request without a response, not even after its end')
    t.strictSame(await brokenAtRest(shop.stack, rolled.bought), [], 'loses no acknowledged order')
  })
