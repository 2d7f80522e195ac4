import t from 'tap'
import { DatabaseClock } from './database-clock.ts'

/** Two simulated clocks, and responses with a given delay. */
const clocks = () => {
  let own = 5_000
  let ahead = 1_000_000
  const clock = new DatabaseClock(() => own)
  return {
    clock,
    pass: (ms: number) => {
      own += ms
    },
    set: (ms: number) => {
      ahead += ms
    },
    real: () => own + ahead,
    /** The database reads its clock `there` ms after the request; the response takes `back` ms. */
    read: (there: number, back: number) =>
      clock.read(
        async () => {
          own += there
          const shown = own + ahead
          own += back
          return shown
        },
        (shown) => shown,
      ),
  }
}

const holds = (t: Tap, { clock, real }: ReturnType<typeof clocks>, title: string) => {
  const { earliest, latest } = clock.now()
  t.ok(earliest <= real() && real() <= latest, `${title}: ${earliest}..${real()}..${latest}`)
  return latest - earliest
}
type Tap = { ok(isSo: boolean, title: string): unknown }

t.test('before the first response the bounds are unknown', async (t) => {
  t.strictSame(clocks().clock.now(), {
    earliest: Number.NEGATIVE_INFINITY,
    latest: Number.POSITIVE_INFINITY,
  })
})

t.test('the true offset is within the bounds, for any asymmetry of the round trip', async (t) => {
  for (const [there, back] of [
    [40, 0],
    [0, 40],
    [20, 20],
  ] as const) {
    const all = clocks()
    await all.read(there, back)
    t.ok(holds(t, all, `${there} there, ${back} back`) <= 41)
  }
})

t.test('slow responses do not widen the bounds of a quick one', async (t) => {
  const all = clocks()
  await all.read(1, 1)
  for (let n = 0; n < 20; n += 1) await all.read(10, 40)
  t.ok(holds(t, all, 'after slow answers') < 5)
})

t.test('the bounds grow with the maximum drift', async (t) => {
  const all = clocks()
  await all.read(0, 0)
  all.pass(10_000)
  all.set(9)
  holds(t, all, 'it was 9 ms fast in 10 s')
  await all.read(0, 0)
  t.ok(holds(t, all, 'asked again') < 1)
})

t.test('a changed clock is detected', async (t) => {
  for (const ms of [3_600_000, -3_600_000]) {
    const all = clocks()
    await all.read(1, 1)
    all.set(ms)
    await all.read(5, 5)
    t.ok(holds(t, all, `by ${ms} ms`) <= 11)
  }
})
