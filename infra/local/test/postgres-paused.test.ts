import { Agent } from 'node:http'
import { until } from '@flash-deal/testing'
import t from 'tap'
import { freeze } from '../freeze.ts'
import { startStack } from '../stack.ts'
import { ask } from './ask.ts'
import { inWords, type Load, nextOrder, otherThan, startLoad } from './load.ts'
import { briskSettings, brokenAtRest, openShop } from './shop.ts'

/** PostgreSQL is paused during a sale and continues later; its connections stay open. */

const deadlineMs = 2_000
const queueMax = 20
const stack = await startStack({
  settings: {
    ...briskSettings,
    DEADLINE_MS: String(deadlineMs),
    QUERY_TIMEOUT_MS: '1000',
    QUERY_QUEUE_MAX: String(queueMax),
  },
})
t.teardown(() => stack.end())
const shop = await openShop(stack)

/** The tolerance for late timers: all processes and other tests share a few cores. */
const marginMs = 1_000
const answerWithinMs = deadlineMs + marginMs
const load = startLoad(shop, { perSecond: 100, answerWithinMs })
await nextOrder(load)

const turnedAway = ['503 with Retry-After', '504']
const turnedAwayBy = ({ answers }: Load): number =>
  answers.filter((answer) => turnedAway.includes(inWords(answer))).length

/** The services that are not ready or do not respond. */
const unhealthyServices = async (): Promise<string[]> => {
  const statuses = Object.entries(stack.addresses).map(async ([name, url]) => {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(deadlineMs) })
    return response.ok ? [] : [`${name}: ${response.status}`]
  })
  return (await Promise.all(statuses)).flat()
}

t.test('while it does not respond', async (t) => {
  const thaw = freeze(stack, 'postgres')
  t.teardown(thaw)
  // Directly to the service, without the gateway's deadline, and before the queue is full.
  const to = { origin: stack.addresses.product, agent: new Agent(), withinMs: answerWithinMs }
  const waiting = ask(to, { path: '/products' })
  let mostUnderWay = 0
  const unhealthy: string[] = []
  // At 100 a second this takes longer than the deadline.
  await until(async () => {
    mostUnderWay = Math.max(mostUnderWay, load.underWay())
    unhealthy.push(...(await unhealthyServices()))
    return turnedAwayBy(load) >= 200
  }, '200 requests were rejected')
  t.equal(inWords(await waiting), '503 with Retry-After', 'a service itself waits no longer')
  t.strictSame(unhealthy, [], 'what needs no database works')
  // The connections of both services, and as many requests in flight to them.
  t.ok(mostUnderWay <= 4 * queueMax, `at most the limit of requests waits: ${mostUnderWay}`)
})

t.test('when it continues', async (t) => {
  const thawedAt = performance.now()
  await nextOrder(load)
  t.comment(`an order was placed ${Math.round(performance.now() - thawedAt)} ms later`)
  await load.stop()
  t.strictSame(otherThan(['200', '201', ...turnedAway], load.answers), {}, 'all were answered')
  t.strictSame(await brokenAtRest(stack, load.bought), [], 'no order was lost, nor a unit')
})
