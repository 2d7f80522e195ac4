import { Bulkhead, Deadline } from '@flash-deal/service'
import t from 'tap'

const late = { code: 'SERVICE_UNAVAILABLE', retryAfterS: 1 }

t.test('so much runs at a time, and the rest in the order of arrival', async (t) => {
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

t.test('beyond the queue it sheds at once', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 1 })
  const leave = await bulkhead.enter(Deadline.in(60_000))
  const second = bulkhead.enter(Deadline.in(60_000))
  await t.rejects(bulkhead.enter(Deadline.in(60_000)), late)
  leave()
  const leaveSecond = await second
  leave()
  t.strictSame(bulkhead.load, { running: 1, waiting: 0 }, 'nobody leaves twice')
  leaveSecond()
})

t.test('whoever waits is shed at the deadline, and the place is not lost', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 9 })
  const leave = await bulkhead.enter(Deadline.in(60_000))
  await t.rejects(bulkhead.enter(Deadline.in(20)), late)
  t.strictSame(bulkhead.load, { running: 1, waiting: 0 })
  leave()
  t.strictSame(bulkhead.load, { running: 0, waiting: 0 })
})

t.test(
  'nothing begins after its deadline, though the event loop was busy until then',
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

t.test('whoever gives up waits no longer', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 9 })
  await bulkhead.enter(Deadline.in(60_000))
  const gone = new AbortController()
  const waiting = bulkhead.enter(Deadline.in(60_000), gone.signal)
  gone.abort()
  await t.rejects(waiting, late)
  await t.rejects(bulkhead.enter(Deadline.in(60_000), gone.signal), late)
  t.strictSame(bulkhead.load, { running: 1, waiting: 0 })
})

t.test('a deadline that has passed is told so, also where a place is free', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 9 })
  await t.rejects(bulkhead.enter(Deadline.in(0)), { code: 'DEADLINE_EXCEEDED' })
  t.strictSame(bulkhead.load, { running: 0, waiting: 0 })
})

t.test('work that fails leaves its place', async (t) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queueMax: 0 })
  const failing = bulkhead.run(Deadline.in(60_000), async () => {
    throw new Error('It failed.')
  })
  await t.rejects(failing, { message: 'It failed.' })
  t.equal(await bulkhead.run(Deadline.in(60_000), async () => 'done'), 'done')
})
