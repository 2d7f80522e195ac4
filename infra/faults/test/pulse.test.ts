import t from 'tap'
import { goodAgainAt, neglected, servedBetween, type TimedBeat } from '../pulse.ts'

/** From when on the steady buyers are served as they were before the fault. */

/** Fifty a second; each is answered with an order so many milliseconds later, or not at all. */
const beats = (from: number, to: number, afterMs: number | undefined): TimedBeat[] =>
  Array.from({ length: (to - from) / 20 }, (_, n) => {
    const sentAt = from + n * 20
    return afterMs === undefined
      ? { sentAt, answeredAt: sentAt + 50, operation: { outcome: 'unknown' } }
      : { sentAt, answeredAt: sentAt + afterMs, operation: { outcome: 'ok' } }
  })

const mendedAt = 3_000
const before = beats(0, 1_000, 10)

t.test('where nothing was lost after it was put right, within the half second', async (t) => {
  t.equal(goodAgainAt([...before, ...beats(3_000, 4_000, 10)], mendedAt), 3_450)
})

t.test('one that is sent at once and answered late is not good at once', async (t) => {
  t.equal(goodAgainAt([...before, ...beats(3_000, 3_500, 2_000)], mendedAt), 5_440)
})

t.test('those who are refused first make it later', async (t) => {
  const after = [...beats(3_000, 5_000, undefined), ...beats(5_000, 6_000, 10)]
  t.equal(goodAgainAt([...before, ...after], mendedAt), 5_450)
})

t.test('what came before it was put right says nothing', async (t) => {
  t.equal(goodAgainAt([...before, ...beats(3_000, 3_400, 10)], mendedAt), undefined)
  t.equal(goodAgainAt(beats(3_000, 4_000, 10), mendedAt), 3_450)
})

t.test('it is not good as long as fewer than nine in ten are served', async (t) => {
  const after = beats(3_000, 5_000, 10)
  const served = (each: number) =>
    after.map((beat, n) => (n % 25 < each ? beat : { sentAt: beat.sentAt }))
  t.equal(goodAgainAt(served(22), mendedAt), undefined)
  t.equal(goodAgainAt(served(23), mendedAt), 3_450)
})

t.test('of those sent while it went on, more than half get their order', async (t) => {
  const half = [...beats(1_000, 2_000, 10), ...beats(2_000, 3_000, undefined)]
  const all = [...before, ...half, ...beats(3_000, 4_000, 10)]
  t.strictSame(servedBetween(all, 1_000, 3_000), { asked: 100, served: 50 })
  t.match(neglected(servedBetween(all, 1_000, 3_000)), [/50 of 100 steady buyers/])
  t.strictSame(neglected(servedBetween(all, 980, 3_000)), [])
  t.match(neglected(servedBetween([], 1_000, 3_000)), [/0 of 0/])
})
