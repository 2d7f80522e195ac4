import { once } from 'node:events'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { until } from '@flash-deal/testing'
import t from 'tap'
import type { ServiceName } from '../services.ts'
import { startStack } from '../stack.ts'
import { type Answer, ask } from './ask.ts'
import { inWords, type Load, nextOrder, otherThan, startLoad } from './load.ts'
import { briskSettings, brokenAtRest, openShop } from './shop.ts'
import { within } from './within.ts'

/** A rolling restart stops the services one after the other during a sale. */

// Requests that were sent before the signal arrive within this time, even on a busy machine.
const drainMs = 3_000
const stack = await startStack({ settings: { ...briskSettings, DRAIN_MS: String(drainMs) } })
t.teardown(() => stack.end())
const shop = await openShop(stack)

const exitWithinMs = 10_000

type Rolled = Load & {
  code: number | null | undefined
  signalledAt: number
  /** The time at which readiness became false. */
  drainingAt: number
  exitedAt: number
}

/** Sends SIGTERM while requests are in flight, and restarts the process. */
const roll = async (name: ServiceName): Promise<Rolled> => {
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

const done = ['200', '201']

/** The outcomes without a response of requests that were sent before the signal. */
const leftUndone = ({ answers, signalledAt }: Rolled): Record<string, number> =>
  otherThan(
    done,
    answers.filter(({ sentAt }) => sentAt < signalledAt),
  )

/** Orders that were sent and placed during the draining. */
const placedMeanwhile = ({ bought, drainingAt, exitedAt }: Rolled): number =>
  bought.filter(({ sentAt }) => sentAt > drainingAt && sentAt < exitedAt).length

/**
 * Refused, or reset before the first response on the connection: the kernel has accepted it, but the
 * gateway has not yet when it stops listening.
 */
const isNeverAccepted = (answer: Answer): boolean =>
  ['ECONNREFUSED', 'ECONNRESET'].includes(inWords(answer)) && !answer.kept

/** Responses of the draining gateway that leave their connection open. */
const leftOpen = ({ answers, drainingAt, exitedAt }: Rolled): Answer[] =>
  answers.filter(
    ({ sentAt, doneAt, status, closes }) =>
      sentAt > drainingAt && doneAt < exitedAt && status > 0 && !closes,
  )

for (const name of ['auth', 'product', 'order'] as const) {
  t.test(`SIGTERM of ${name} during a sale`, async (t) => {
    const rolled = await roll(name)
    t.equal(rolled.code, 0, 'ends with code 0')
    t.strictSame(leftUndone(rolled), {}, 'completes the requests in progress')
    t.not(placedMeanwhile(rolled), 0, 'takes part in new orders for a while')
    const others = otherThan([...done, '503 with Retry-After'], rolled.answers)
    t.strictSame(others, {}, 'leaves no request without a response, not even after its end')
    t.strictSame(await brokenAtRest(stack, rolled.bought), [], 'loses no acknowledged order')
  })
}

t.test('SIGTERM of a gateway during a sale', async (t) => {
  const rolled = await roll('gateway')
  t.equal(rolled.code, 0, 'ends with code 0')
  t.strictSame(leftUndone(rolled), {}, 'completes the requests in progress')
  t.not(placedMeanwhile(rolled), 0, 'takes new orders for a while')
  const others = rolled.answers.filter((answer) => !isNeverAccepted(answer))
  t.strictSame(otherThan(done, others), {}, 'responds on every accepted connection')
  t.strictSame(leftOpen(rolled), [], 'closes each connection with its response')
  t.strictSame(await brokenAtRest(stack, rolled.bought), [], 'loses no acknowledged order')
})

/** A connection without a request yet. */
const connected = async (url: string): Promise<Socket> => {
  const socket = connect(Number(new URL(url).port), new URL(url).hostname)
  await once(socket, 'connect')
  return socket
}

t.test('a gateway that no longer listens still responds on accepted connections', async (t) => {
  await stack.supervisor.stop('gateway')
  await stack.restart('gateway', { DRAIN_MS: '0' })
  const to = { origin: stack.url, agent: new Agent(), withinMs: exitWithinMs }
  const silent = await connected(stack.url)
  // They queue, because passwords are hashed two at a time.
  const body = { email: 'nobody@example.com', password: 'of-no-use' }
  const logIns = Array.from({ length: 20 }, () => ask(to, { path: '/auth/login', body }))
  await Promise.race(logIns)
  stack.supervisor.kill('gateway', 'SIGTERM')
  const exiting = within(exitWithinMs, stack.supervisor.exited('gateway'))
  await until(async () => {
    return (await ask({ ...to, agent: new Agent() }, { path: '/health' })).error === 'ECONNREFUSED'
  }, 'it does not listen')
  silent.write('GET /health HTTP/1.1\r\nHost: flash-deal\r\nConnection: close\r\n\r\n')
  t.match(await text(silent), /^HTTP\/1.1 200 /, 'the first request on its connection')
  // On a busy machine some requests may time out.
  const answered = ['401', '503 with Retry-After', '504']
  t.strictSame(otherThan(answered, await Promise.all(logIns)), {}, 'requests in flight')
  t.equal((await exiting)?.code, 0)
})
