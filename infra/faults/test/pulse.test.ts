import t from 'tap'
import { goodAgainAt, type TimedBeat } from '../pulse.ts'

/** From when on the steady buyers are served as they were before the fault. */

/** Fifty a second; each is answered with an order so many milliseconds later, or not at all. */
const beats = (from: number, to: number, afterMs: number | undefined): TimedBeat[] =>
  Array.from({ length: (to - from) / 20 }, (_, n) => {
    const sentAt = from + n * 20
    return afterMs === undefined
      ? { sentAt, answeredAt: sentAt + 50, operation: { outcome: 'unknown' } }
      : { sentAt, answeredAt: sentAt + afterMs, operation: { outcome: 'ok' } }
  })

const moments = { struckAt: 1_000, mendedAt: 3_000 }
const before = beats(0, 1_000, 10)

t.test('where nothing was lost after it was put right, within the half second', async (t) => {
  t.equal(goodAgainAt([...before, ...beats(3_000, 4_000, 10)], moments), 3_450)
})

t.test('one that is sent at once and answered late is not good at once', async (t) => {
  t.equal(goodAgainAt([...before, ...beats(3_000, 3_500, 2_000)], moments), 5_440)
})

t.test('those who are refused first make it later', async (t) => {
  const after = [...beats(3_000, 5_000, undefined), ...beats(5_000, 6_000, 10)]
  t.equal(goodAgainAt([...before, ...after], moments), 5_450)
})

t.test('who had no answer when it struck says nothing about before', async (t) => {
  const underWay = beats(800, 1_000, 5_000)
  const after = beats(3_000, 4_000, 10)
  t.equal(goodAgainAt([...before.slice(0, 40), ...underWay, ...after], moments), 3_450)
})

t.test('it cannot be said with nobody before, nor as long as nobody is served', async (t) => {
  t.equal(goodAgainAt(beats(3_000, 4_000, 10), moments), undefined)
  t.equal(goodAgainAt([...before, ...beats(3_000, 4_000, undefined)], moments), undefined)
  t.equal(goodAgainAt([...before, ...beats(3_000, 3_400, 10)], moments), undefined)
})
