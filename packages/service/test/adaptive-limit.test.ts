import { ApiError, NotStarted } from '@flash-deal/errors'
import t from 'tap'
import { AdaptiveLimit } from '../src/adaptive-limit.ts'

const options = { initial: 8, min: 2, max: 10, lateMs: 100 }

/** A limit with a clock and tasks that the test controls. */
const limitWith = (own: Partial<typeof options> = {}) => {
  const clock = { ms: 0 }
  const limit = new AdaptiveLimit({ ...options, ...own }, () => clock.ms)
  const start = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const ended = limit.run(() => promise)
    ended.catch(() => {})
    const end = async (error?: Error): Promise<void> => {
      if (error) reject(error)
      else resolve()
      await ended.catch(() => {})
    }
    return { ended, end }
  }
  const startAll = (count: number) => Array.from({ length: count }, start)
  return { clock, limit, start, startAll }
}

t.test('a task beyond the limit is rejected and does no work', async (t) => {
  const { limit, start, startAll } = limitWith()
  const [first] = startAll(8)
  t.ok(limit.refusal() instanceof NotStarted)
  let hasWorked = false
  const work = async () => {
    hasWorked = true
  }
  await t.rejects(limit.run(work), { code: 'SERVICE_UNAVAILABLE', statusCode: 503, retryAfterS: 1 })
  t.notOk(hasWorked)
  t.equal(limit.load.running, 8)
  await first?.end()
  t.equal(limit.refusal(), undefined)
  start()
  t.equal(limit.load.running, 8)
})

t.test('a failed task releases its place', async (t) => {
  const { limit, start } = limitWith()
  const { ended, end } = start()
  await end(new ApiError('NOT_FOUND'))
  await t.rejects(ended, { code: 'NOT_FOUND' })
  t.strictSame(limit.load, { running: 0, limit: 8 })
})

t.test('late tasks halve the limit once, although many are late together', async (t) => {
  const { clock, limit, startAll } = limitWith()
  const tasks = startAll(8)
  clock.ms = 101
  for (const { end } of tasks) await end()
  t.strictSame(limit.load, { running: 0, limit: 4 })
})

t.test('tasks that start after a reduction and are late reduce the limit again', async (t) => {
  const { clock, limit, startAll } = limitWith()
  for (const expected of [4, 2, 2]) {
    const tasks = startAll(limit.load.limit)
    clock.ms += 101
    for (const { end } of tasks) await end()
    t.equal(limit.load.limit, expected, 'never below the minimum')
  }
})

t.test('the limit is reduced to half of the tasks in progress if these are fewer', async (t) => {
  const { clock, limit, startAll } = limitWith()
  const tasks = startAll(6)
  clock.ms = 101
  await tasks[0]?.end()
  t.equal(limit.load.limit, 3)
})

t.test('the last task of a burst reduces the limit to half of the burst', async (t) => {
  const { clock, limit, startAll } = limitWith()
  const tasks = startAll(7)
  for (const { end } of tasks.slice(0, 6)) await end()
  clock.ms = 101
  await tasks[6]?.end()
  t.equal(limit.load.limit, 3)
})

t.test(
  'a late task does not reduce the limit if no more than the minimum ran with it',
  async (t) => {
    const { clock, limit, startAll } = limitWith()
    const tasks = startAll(2)
    clock.ms = 101
    for (const { end } of tasks) await end(new ApiError('DEADLINE_EXCEEDED'))
    t.equal(limit.load.limit, 8)
  },
)

/** A limit that has been halved to 4 at 101 ms, and half of whose tasks are still in progress. */
const reduced = async () => {
  const all = limitWith()
  const tasks = all.startAll(8)
  all.clock.ms = 101
  for (const { end } of tasks.slice(0, 4)) await end()
  return { ...all, endAll: () => Promise.all(tasks.map(({ end }) => end())) }
}

t.test('ten seconds after a reduction an idle limit is the initial one again', async (t) => {
  const { clock, limit, start, endAll } = await reduced()
  await endAll()
  clock.ms = 10_101
  await start().end()
  t.equal(limit.load.limit, 4)
  clock.ms = 10_102
  await start().end()
  t.equal(limit.load.limit, 8)
})

t.test('a limit with tasks in progress stays reduced', async (t) => {
  const { clock, limit, start } = await reduced()
  clock.ms = 20_000
  start()
  t.equal(limit.load.limit, 4)
})

t.test('a limit above the initial one stays when it is idle', async (t) => {
  const { clock, limit, start, startAll } = limitWith()
  for (const { end } of startAll(8)) await end()
  const { limit: grown } = limit.load
  t.ok(grown > 8)
  clock.ms = 20_000
  start()
  t.equal(limit.load.limit, grown)
})

for (const code of ['SERVICE_UNAVAILABLE', 'DEADLINE_EXCEEDED'] as const) {
  t.test(`a task that ends with ${code} halves the limit`, async (t) => {
    const { limit, startAll } = limitWith()
    const tasks = startAll(8)
    await tasks[0]?.end(new ApiError(code))
    t.equal(limit.load.limit, 4)
  })
}

t.test('the limit grows by one when as many tasks were in time, up to the maximum', async (t) => {
  const { clock, limit, start, startAll } = limitWith()
  const tasks = startAll(8)
  clock.ms = 30
  const endOne = async () => {
    clock.ms += 4
    await tasks.shift()?.end(new ApiError('INSUFFICIENT_STOCK'))
    tasks.push(start())
  }
  for (let ended = 0; ended < 7; ended += 1) await endOne()
  t.equal(limit.load.limit, 8)
  for (let ended = 0; ended < 3; ended += 1) await endOne()
  t.equal(limit.load.limit, 9)
  for (let ended = 0; ended < 100; ended += 1) await endOne()
  t.equal(limit.load.limit, 10)
})

t.test('the limit grows by one for each task that was much faster', async (t) => {
  const { clock, limit, startAll } = limitWith()
  const tasks = startAll(8)
  clock.ms = 24
  await tasks[0]?.end()
  t.equal(limit.load.limit, 9)
})

t.test('a limit that is not used does not grow', async (t) => {
  const { limit, start } = limitWith()
  for (let n = 0; n < 100; n += 1) await start().end()
  t.equal(limit.load.limit, 8)
})
