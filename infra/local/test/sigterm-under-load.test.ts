import { once } from 'node:events'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { until } from '@flash-deal/testing'
import t from 'tap'
import { startStack } from '../stack.ts'
import { type Answer, ask } from './ask.ts'
import { inWords, otherThan } from './load.ts'
import {
  done,
  exitWithinMs,
  leftUndone,
  placedMeanwhile,
  type Rolled,
  roll,
  rollingSettings,
  serviceRolls,
} from './rolling.ts'
import { brokenAtRest, openShop } from './shop.ts'
import { within } from './within.ts'

/** `sigterm-under-load.long.test.ts` has the other services. */

const stack = await startStack({ settings: rollingSettings })
t.teardown(() => stack.end())
const shop = await openShop(stack)

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

serviceRolls(t, shop, 'order')

t.test('SIGTERM of a gateway during a sale', async (t) => {
  const rolled = await roll(shop, 'gateway')
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
