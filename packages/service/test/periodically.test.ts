import { EventEmitter, once } from 'node:events'
import { setImmediate as tick } from 'node:timers/promises'
import { periodically } from '@flash-deal/service'
import t from 'tap'
import { appWith } from './app-with.ts'

const roundsOf = (work: (round: number) => Promise<void>) => {
  const rounds = Object.assign(new EventEmitter(), { count: 0 })
  const options = {
    name: 'test-round',
    intervalMs: 1,
    work: async () => {
      rounds.count += 1
      rounds.emit(String(rounds.count))
      await work(rounds.count)
    },
  }
  return { rounds, options }
}

t.test('a failing round is logged, and the next one runs', async (t) => {
  const { rounds, options } = roundsOf(async (round) => {
    if (round === 1) throw new Error('the database is away')
  })
  const third = once(rounds, '3')
  const before: Parts['before'] = (app) => void app.register(periodically, options)
  const { lines } = await appWith(t, { before })
  await third
  t.match(
    lines.filter(({ level }) => level === 40),
    [
      {
        msg: 'A round failed: test-round',
        round: 'test-round',
        err: { message: 'the database is away' },
      },
    ],
  )
})

t.test('rounds do not overlap, and closing waits for the running one', async (t) => {
  const held = Promise.withResolvers<void>()
  let isOver = false
  const { rounds, options } = roundsOf(async () => {
    await held.promise
    isOver = true
  })
  const first = once(rounds, '1')
  const before: Parts['before'] = (app) => void app.register(periodically, options)
  const { app } = await appWith(t, { before })
  await first
  const closed = app.close().then(() => t.ok(isOver, 'the round ended before the close'))
  await tick()
  held.resolve()
  await closed
  t.equal(rounds.count, 1)
})

t.test("a round's signal aborts when the service begins to close", async (t) => {
  const begun = Promise.withResolvers<void>()
  const told = Promise.withResolvers<void>()
  const work = async (stopping: AbortSignal) => {
    stopping.addEventListener('abort', () => told.resolve())
    begun.resolve()
    await told.promise
    throw new Error('interrupted')
  }
  const options = { name: 'test-round', intervalMs: 1, work }
  const before: Parts['before'] = (app) => void app.register(periodically, options)
  const { app, lines } = await appWith(t, { before })
  await begun.promise
  await app.close()
  t.strictSame(
    lines.filter(({ level }) => level === 40),
    [],
    'what stopping has interrupted is not logged as a failure',
  )
})

type Parts = NonNullable<Parameters<typeof appWith>[1]>
