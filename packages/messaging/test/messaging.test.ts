import { randomUUID } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { readSettings, resolveScenarios } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import { createService } from '@flash-deal/service'
import { type OwnKafka, ownKafka, servers, until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { dropDeadLetters, listDeadLetters, replayDeadLetters } from '../src/dead-letters.ts'
import type { Event, Handle, Messaging } from '../src/index.ts'
import { messaging } from '../src/plugin.ts'

/** A real broker, shared by these tests. */

const missing = servers().kafka ? false : 'Java or Maven is not installed'
t.setTimeout(600_000)

const confirmed = (order_id: string = randomUUID(), key = order_id) =>
  ({ type: 'order.confirmed', key, data: { order_id }, trace: { traceparent: 'a trace' } }) as const

type Own = { brokers: string; prefix?: string; group?: string; handle?: Handle }

/** An app with the plugin, which consumes if there is a handler. */
const openApp = async (t: Test, { brokers, prefix = '', group = 'own', handle }: Own) => {
  const settings = readSettings('order', { NODE_ENV: 'test', LOG_LEVEL: 'silent' })
  const { scenarios } = resolveScenarios({}, {})
  const app = await createService({ name: 'order', settings, scenarios })
  await app.register(messaging, {
    brokers: [brokers],
    prefix,
    isNeeded: true,
    queueMax: 1_000,
    timeoutMs: 3_000,
  })
  const kafka = app.messaging as Messaging
  if (handle) kafka.consume({ topic: 'order-events', group, handle })
  await app.ready()
  t.teardown(() => app.close())
  return { app, kafka }
}

/** Appends, also while the topics are being created. */
const append = async (kafka: Messaging, event: Parameters<Messaging['log']['append']>[0]) => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await kafka.log.append(event)
    } catch (error) {
      if (attempt === 50) throw error
      await pause(100)
    }
  }
}

/** The signals of the controllers that are constructed from now on. */
const signalsOf = (t: Test): AbortSignal[] => {
  const signals: AbortSignal[] = []
  class Recorded extends AbortController {
    constructor() {
      super()
      signals.push(this.signal)
    }
  }
  t.intercept(globalThis, 'AbortController', { value: Recorded })
  return signals
}

const collecting = () => {
  const seen: Event[] = []
  const handle: Handle = async (events) => {
    seen.push(...events)
    return events.map(() => ({}))
  }
  return { seen, handle, ids: () => seen.map(({ data }) => data.order_id) }
}

const run = async (kafka: OwnKafka) => {
  const { brokers } = kafka

  await t.test('events of one key arrive in their order, with their trace', async (t) => {
    const { seen, handle, ids } = collecting()
    const { kafka } = await openApp(t, { brokers, group: 'in-order', handle })
    const sent = Array.from({ length: 50 }, () => confirmed(randomUUID(), 'one key'))
    await append(kafka, sent[0] ?? confirmed())
    await Promise.all(sent.slice(1).map((event) => kafka.log.append(event)))
    await until(() => seen.length >= 50)
    t.strictSame(
      ids(),
      sent.map(({ data }) => data.order_id),
    )
    t.equal(seen[0]?.trace.traceparent, 'a trace')
  })

  await t.test('uncommitted records are delivered again, also to another process', async (t) => {
    const stuck = Promise.withResolvers<void>()
    const first = await openApp(t, {
      ...{ brokers, group: 'again' },
      handle: async (events) => {
        stuck.resolve()
        // The process dies in the middle of its work, as far as Kafka can tell.
        return events.map(() => ({ error: new ApiError('SERVICE_UNAVAILABLE') }))
      },
    })
    const event = confirmed()
    await append(first.kafka, event)
    await stuck.promise
    await first.app.close()
    const { handle, ids } = collecting()
    await openApp(t, { brokers, group: 'again', handle })
    await until(() => ids().includes(event.data.order_id))
  })

  await t.test('a record waits for a dependency for as long as that is away', async (t) => {
    let attempts = 0
    const event = confirmed()
    const { kafka } = await openApp(t, {
      ...{ brokers, group: 'patient' },
      handle: async (events) =>
        events.map(({ data }) => {
          if (data.order_id !== event.data.order_id) return {}
          attempts += 1
          return attempts < 8 ? { error: new ApiError('SERVICE_UNAVAILABLE') } : {}
        }),
    })
    const before = (await listDeadLetters({ brokers: [brokers], topic: 'order-events' }, 10)).length
    await append(kafka, event)
    await until(() => attempts === 8)
    const after = (await listDeadLetters({ brokers: [brokers], topic: 'order-events' }, 10)).length
    t.equal(after, before, 'nothing was parked')
  })

  await t.test(
    'a poison message is parked, does not block the next, and is replayed',
    async (t) => {
      const [poison, next] = [confirmed(randomUUID(), 'k'), confirmed(randomUUID(), 'k')]
      const { seen, handle, ids } = collecting()
      let isCured = false
      const { kafka, app } = await openApp(t, {
        ...{ brokers, group: 'poison' },
        handle: async (events) =>
          Promise.all(
            events.map(async (event) => {
              const isPoison = event.data.order_id === poison.data.order_id && !isCured
              if (isPoison) return { error: new TypeError('It cannot be read.') }
              await handle([event])
              return {}
            }),
          ),
      })
      await append(kafka, poison)
      await append(kafka, next)
      await kafka.log.add({ topic: 'order-events', key: 'k', value: 'no JSON', headers: {} })
      const value = JSON.stringify({
        id: randomUUID(),
        type: 'order.confirmed',
        version: 9,
        data: {},
      })
      await kafka.log.add({ topic: 'order-events', key: 'k', value, headers: {} })
      const place = { brokers: [brokers], topic: 'order-events' }
      await until(async () => (await listDeadLetters(place, 10)).length === 3)
      t.ok(ids().includes(next.data.order_id))
      const letters = await listDeadLetters(place, 10)
      t.strictSame(letters.map(({ reason }) => reason).sort(), [
        'It cannot be read.',
        'The record is not an event.',
        'Version 9 of the event order.confirmed is unknown.',
      ])
      t.match(await app.metrics.metrics(), /kafka_dead_letters_total\{topic="order-events"\} 3/)
      isCured = true
      const at = letters.findIndex(({ reason }) => reason === 'It cannot be read.')
      await dropDeadLetters(place, at)
      t.equal((await replayDeadLetters(place, 1)).length, 1)
      await until(() => seen.some(({ data }) => data.order_id === poison.data.order_id))
      await dropDeadLetters(place, 10)
      t.strictSame(await listDeadLetters(place, 10), [])
    },
  )

  await t.test('systems with another prefix share the broker, and no records', async (t) => {
    const [mine, theirs] = [collecting(), collecting()]
    const one = await openApp(t, { brokers, prefix: 'one-', group: 'g', handle: mine.handle })
    const two = await openApp(t, { brokers, prefix: 'two-', group: 'g', handle: theirs.handle })
    const [first, second] = [confirmed(), confirmed()]
    await append(one.kafka, first)
    await append(two.kafka, second)
    await until(() => mine.seen.length > 0 && theirs.seen.length > 0)
    t.strictSame(mine.ids(), [first.data.order_id])
    t.strictSame(theirs.ids(), [second.data.order_id])
    await one.kafka.log.add({ topic: 'order-events', key: 'k', value: 'no JSON', headers: {} })
    const place = { brokers: [brokers], topic: 'order-events' }
    await until(async () => (await listDeadLetters({ ...place, prefix: 'one-' }, 10)).length === 1)
    t.strictSame(await listDeadLetters({ ...place, prefix: 'two-' }, 10), [])
  })

  await t.test('the lag is on /metrics', async (t) => {
    const gate = Promise.withResolvers<void>()
    const { app, kafka } = await openApp(t, {
      ...{ brokers, group: 'slow' },
      handle: async (events) => {
        await gate.promise
        return events.map(() => ({}))
      },
    })
    await append(kafka, confirmed())
    await until(() => kafka.lagOf('order-events') > 0)
    t.match(
      await app.metrics.metrics(),
      /kafka_consumer_lag\{topic="order-events",group="slow"\} \d/,
    )
    gate.resolve()
    await until(() => kafka.lagOf('order-events') === 0)
  })

  await t.test('producer and consumer survive a broker that is killed', async (t) => {
    const { handle, ids } = collecting()
    const signals = signalsOf(t)
    const { kafka: own } = await openApp(t, { brokers, group: 'survives', handle })
    const [before, after] = [confirmed(), confirmed()]
    await append(own, before)
    await until(() => ids().includes(before.data.order_id))
    await kafka.kill()
    await t.rejects(own.log.append(confirmed()))
    await kafka.restart()
    await append(own, after)
    await until(() => ids().includes(after.data.order_id))
    const listeners = signals.map((signal) => getEventListeners(signal, 'abort').length)
    t.equal(Math.max(...listeners), 1, 'a connection that was lost leaves no listener')
  })
}

if (missing) t.test('messaging', { skip: missing }, async () => {})
else await run(await ownKafka(t))
