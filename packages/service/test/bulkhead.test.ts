import { mock } from 'node:test'
import { setImmediate as endOfTurn } from 'node:timers/promises'
import { NotStarted } from '@flash-deal/errors'
import { Bulkhead, Deadline } from '@flash-deal/service'
import t, { type Test } from 'tap'

const late = { code: 'SERVICE_UNAVAILABLE', retryAfterS: 1 }

t.test('tasks up to the limit run at once, and the others in the order of arrival', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 2, queueMax: 10 })
  const done: number[] = []
  let [running, most] = [0, 0]
  const work = async (n: number): Promise<void> => {
    running += 1
    most = Math.max(most, running)
    await new Promise(setImmediate)
    running -= 1
    done.push(n)
  }
  const all = Array.from({ length: 10 }, (_, n) => n)
  await Promise.all(all.map((n) => bulkhead.run(Deadline.in(60_000), () => work(n))))
  t.strictSame(done, all)
  t.equal(most, 2)
  t.strictSame(bulkhead.load, { running: 0, waiting: 0 })
})

t.test('a task beyond a full queue is rejected immediately', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 1 })
  const leave = await bulkhead.enter(Deadline.in(60_000))
  const second = bulkhead.enter(Deadline.in(60_000))
  await t.rejects(bulkhead.enter(Deadline.in(60_000)), late)
  leave()
  const leaveSecond = await second
  leave()
  t.strictSame(bulkhead.load, { running: 1, waiting: 0 }, 'a place is released once')
  leaveSecond()
})

t.test('a waiting task is rejected at its deadline, and no place is lost', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 9 })
  const leave = await bulkhead.enter(Deadline.in(60_000))
  await t.rejects(bulkhead.enter(Deadline.in(20)), late)
  t.strictSame(bulkhead.load, { running: 1, waiting: 0 })
  leave()
  t.strictSame(bulkhead.load, { running: 0, waiting: 0 })
})

t.test(
  'no task starts after its deadline, even if the event loop was busy until then',
  async (t) => {
    const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 9 })
    const leave = await bulkhead.enter(Deadline.in(60_000))
    const waiting = bulkhead.enter(Deadline.in(5))
    const patient = bulkhead.enter(Deadline.in(60_000))
    const until = performance.now() + 10
    while (performance.now() < until);
    leave()
    await t.rejects(waiting, late)
    await patient
    t.strictSame(bulkhead.load, { running: 1, waiting: 0 })
  },
)

t.test('an aborted task leaves the queue', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 9 })
  await bulkhead.enter(Deadline.in(60_000))
  const gone = new AbortController()
  const waiting = bulkhead.enter(Deadline.in(60_000), gone)
  gone.abort()
  await t.rejects(waiting, late)
  await t.rejects(bulkhead.enter(Deadline.in(60_000), gone), late)
  t.strictSame(bulkhead.load, { running: 1, waiting: 0 })
})

t.test('clients take turns, and the tasks of one keep their order', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 9 })
  const leave = await bulkhead.enter(Deadline.in(60_000))
  const done: string[] = []
  const wait = (name: string) =>
    bulkhead.run(Deadline.in(60_000), async () => done.push(name), { client: name.charAt(0) })
  const all = Promise.all(['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2'].map(wait))
  leave()
  await all
  t.strictSame(done, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
})

t.test('tasks that arrive after others have started wait behind all earlier ones', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 9 })
  const leave = await bulkhead.enter(Deadline.in(60_000))
  const done: string[] = []
  const waiting: Promise<unknown>[] = []
  const wait = (name: string, begun = () => {}) => {
    const work = async () => {
      begun()
      done.push(name)
    }
    waiting.push(bulkhead.run(Deadline.in(60_000), work, { client: name.charAt(0) }))
  }
  const more = () => {
    for (const name of ['a5', 'b1', 'b2']) wait(name)
  }
  for (const name of ['a1', 'a2']) wait(name)
  wait('a3', more)
  wait('a4')
  leave()
  await waiting[2]
  await Promise.all(waiting)
  t.strictSame(done, ['a1', 'a2', 'a3', 'a4', 'b1', 'a5', 'b2'])
})

t.test('in a full queue a task of another client replaces the last one', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 2 })
  const leave = await bulkhead.enter(Deadline.in(60_000))
  const enter = (client: string) => bulkhead.enter(Deadline.in(60_000), { client })
  const [first, last] = [enter('a'), enter('a')]
  const other = enter('b')
  await t.rejects(last, late)
  await t.rejects(enter('b'), late, 'its own tasks do not')
  await t.rejects(enter('c'), late, 'nor does the first of another client')
  leave()
  const leaveFirst = await first
  leaveFirst()
  await other
  t.strictSame(bulkhead.load, { running: 1, waiting: 0 })
})

t.test('at the maximum a task of another client replaces the last one that waits', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 4, max: 4 })
  const leave = await bulkhead.enter(Deadline.in(60_000), { client: 'callers' })
  const done: string[] = []
  const run = (client: string) =>
    bulkhead.run(Deadline.in(60_000), async () => done.push(client), { client })
  const served = [run('callers'), run('callers')]
  const last = run('callers')
  served.push(run('background'))
  await t.rejects(last, { ...late, cause: /4 are waiting/ })
  t.strictSame(bulkhead.load, { running: 1, waiting: 3 }, 'the maximum')
  await t.rejects(run('background'), late, 'its second task has no lower rank')
  await t.rejects(run('callers'), late)
  leave()
  await Promise.all(served)
  t.strictSame(done, ['callers', 'background', 'callers'])
  t.strictSame(bulkhead.load, { running: 0, waiting: 0 })
})

t.test('a task that runs is not replaced', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 5, queueMax: 2, max: 2 })
  const enter = (client: string) => bulkhead.enter(Deadline.in(60_000), { client })
  await Promise.all([enter('callers'), enter('callers')])
  await t.rejects(enter('background'), late)
  t.strictSame(bulkhead.load, { running: 2, waiting: 0 })
})

t.test('an expired deadline is rejected even if a place is free', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 9 })
  await t.rejects(bulkhead.enter(Deadline.in(0)), { code: 'DEADLINE_EXCEEDED' })
  t.strictSame(bulkhead.load, { running: 0, waiting: 0 })
})

t.test('failing work releases its place', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 0 })
  const failing = bulkhead.run(Deadline.in(60_000), async () => {
    throw new Error('It failed.')
  })
  await t.rejects(failing, { message: 'It failed.' })
  t.equal(await bulkhead.run(Deadline.in(60_000), async () => 'done'), 'done')
})

t.test('a rejected task is NotStarted', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 0 })
  await bulkhead.enter(Deadline.in(60_000))
  for (const ms of [60_000, 0]) {
    const error: unknown = await bulkhead.enter(Deadline.in(ms)).catch((error) => error)
    t.ok(error instanceof NotStarted)
  }
})

/** A bulkhead, and its tasks by name: the running and the rejected ones, and how to end them. */
const open = (concurrency: number, max = 10) => {
  const bulkhead = new Bulkhead({ concurrency, queueMax: max, max, waitShare: 0.5 })
  const inside = new Map<string, () => void>()
  const away: Record<string, unknown> = {}
  const come = (name: string, ms: number, places?: number) =>
    void bulkhead.enter(Deadline.in(ms), { ...(places && { places }) }).then(
      (leave) => inside.set(name, leave),
      (error: unknown) => {
        away[name] = error
      },
    )
  const leave = async (name: string) => {
    inside.get(name)?.()
    inside.delete(name)
    await endOfTurn()
  }
  const names = async () => {
    await endOfTurn()
    return [...inside.keys()]
  }
  return { come, leave, names, away }
}

/** Replaces timers and the clock by ones that the test advances. */
const ownClock = (t: Test) => {
  let now = 1_000
  t.intercept(performance, 'now', { value: () => now })
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  return async (ms: number) => {
    now += ms
    mock.timers.tick(ms)
    await endOfTurn()
  }
}

const shed = { name: 'ApiError', code: 'SERVICE_UNAVAILABLE', retryAfterS: 1 }

t.test('a task beyond places and queue is rejected immediately', async (t) => {
  const { come, leave, names, away } = open(1, 2)
  for (const name of ['a', 'b', 'c']) come(name, 1_000)
  t.strictSame(await names(), ['a'])
  t.match(away, { c: { ...shed, cause: /2 are waiting/ } })
  await leave('a')
  come('d', 1_000)
  await leave('b')
  t.strictSame(await names(), ['d'])
})

t.test(
  'a task that has waited for half of its time is rejected, and frees the queue',
  async (t) => {
    const pass = ownClock(t)
    const { come, leave, names, away } = open(1, 2)
    come('a', 1_000)
    come('b', 1_000)
    await pass(499)
    t.strictSame(Object.keys(away), [])
    await pass(1)
    t.match(away, { b: { ...shed, cause: /waited too long/ } })
    come('c', 1_000)
    await leave('a')
    t.strictSame(await names(), ['c'])
  },
)

t.test('a task for several places is not overtaken by tasks for one', async (t) => {
  const { come, leave, names } = open(3, 10)
  come('a', 1_000)
  come('all', 1_000, 3)
  come('b', 1_000)
  t.strictSame(await names(), ['a'])
  await leave('a')
  t.strictSame(await names(), ['all'])
  await leave('all')
  t.strictSame(await names(), ['b'])
})

t.test('an aborted task lets the tasks behind it start', async (t) => {
  const pass = ownClock(t)
  const { come, names } = open(2, 10)
  come('a', 10_000)
  come('both', 100, 2)
  come('b', 10_000)
  t.strictSame(await names(), ['a'])
  await pass(50)
  t.strictSame(await names(), ['a', 'b'])
})
