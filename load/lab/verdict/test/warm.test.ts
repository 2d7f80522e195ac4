import t from 'tap'
import { whyNotWarm, whyTooEarly } from '../warm.ts'
import { soundSlice } from './simulate.ts'

/** Measuring begins when a process is warm, and what is measured says that it was. */

const slices = (costs: readonly number[]) =>
  costs.map((costUs, position) =>
    soundSlice({ restart: 0, block: 0, pair: 0, position, arm: 'baseline' }, costUs),
  )

const steady = [200, 203, 199, 201, 198, 202, 200, 199]
const falling = [240, 235, 228, 222, 215, 211, 206, 200]

t.test('a process under load for ten seconds, with steady costs, is warm', async (t) => {
  t.equal(whyNotWarm(slices(steady), 10_000), undefined)
})

t.test('a process with a trend in its cost is not warm', async (t) => {
  t.match(whyNotWarm(slices(falling), 60_000), /went by -1\d % over the last slices/)
  t.match(whyNotWarm(slices([...falling].reverse()), 60_000), /went by 1\d %/)
})

t.test('the cost before the last eight slices does not matter', async (t) => {
  t.equal(whyNotWarm(slices([900, 600, 400, 300, ...steady]), 20_000), undefined)
})

t.test('scatter is no trend, whatever the cost of the first and the last slice', async (t) => {
  const scattered = [200, 190, 230, 240, 195, 205, 245, 225]
  t.equal(whyNotWarm(slices(scattered), 10_000), undefined)
})

t.test('a trend of less than 5 % does not matter', async (t) => {
  const slight = steady.map((_, at) => 200 + at)
  t.equal(whyNotWarm(slices(slight), 10_000), undefined)
  t.not(whyNotWarm(slices(steady.map((_, at) => 200 + 2 * at)), 10_000), undefined)
})

t.test('nine seconds are too short, and four slices are too few', async (t) => {
  t.match(whyNotWarm(slices(steady), 9_999), /9 s of at least 10/)
  t.match(whyNotWarm(slices(steady.slice(4)), 10_000), /only 4 of at least 5 slices/)
  t.equal(whyNotWarm(slices(steady.slice(3)), 10_000), undefined)
})

t.test(
  'since version 3 an arm is warm after a number of requests, whatever their duration',
  async (t) => {
    const run = { warmUp: { requests: 30_000 } }
    const early = { warmedMs: 3_600_000, warmedRequests: 29_999 }
    t.equal(whyTooEarly(run, early, slices(steady)), 'warmed up by 29999 of 30000 requests')
    t.equal(whyTooEarly(run, { warmedMs: 1, warmedRequests: 30_000 }, []), undefined)
    t.match(whyTooEarly(run, { warmedMs: 60_000 }, slices(steady)), /^warmed up by 0 of/)
  },
)

t.test('a run of version 2 is judged by its seconds and the slices of its warm-up', async (t) => {
  t.equal(whyTooEarly({}, { warmedMs: 10_000 }, slices(steady)), undefined)
  t.match(whyTooEarly({}, { warmedMs: 60_000 }, slices(falling)), /^not warm/)
})
