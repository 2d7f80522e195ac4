import { randomFrom } from '@flash-deal/local/random'
import t from 'tap'
import { meanInterval, pairedRatio, type RatioPair } from '../paired-ratio.ts'
import { tQuantile } from '../student-t.ts'
import { simulatedRestarts } from './noise.ts'

/** What is made of the pairs of a run, on figures that can be followed with a pocket calculator. */

/** Restarts of two pairs each whose mean log ratio is the one given. */
const restartsWith = (logs: readonly number[]): RatioPair[][] =>
  logs.map((log) => [
    { a: 100, b: 100 * Math.exp(log + 0.3) },
    { a: 7, b: 7 * Math.exp(log - 0.3) },
  ])

const isAbout = (one: number | undefined, other: number) => Math.abs((one ?? NaN) - other) < 1e-12

t.test('ratio, interval and p are those of a t test over the restarts', async (t) => {
  // Mean 0.3, deviation 0.1, standard error 0.05; t = 6 with 3 degrees of freedom.
  const logs = [0.2, 0.4, 0.3 - Math.sqrt(0.005), 0.3 + Math.sqrt(0.005)]
  const found = pairedRatio(restartsWith(logs), 0.95)
  const half = 3.182446305284263 * 0.05
  t.ok(isAbout(found?.ratio, Math.exp(0.3)))
  t.ok(isAbout(found?.low, Math.exp(0.3 - half)))
  t.ok(isAbout(found?.high, Math.exp(0.3 + half)))
  t.ok(isAbout(found?.halfWidth, Math.exp(half) - 1))
  t.ok(isAbout(found?.p, 0.00927271489228467))
  t.match(found, { restarts: 4, pairs: 8, level: 0.95 })
  t.ok(found?.restartMeans.every((ratio, at) => isAbout(ratio, Math.exp(logs[at] ?? 0))))
})

t.test('the detectable difference is that of 80 % power', async (t) => {
  const found = pairedRatio(restartsWith([0.2, 0.4, 0.2, 0.4, 0.3]), 0.95)
  const multiple = tQuantile(0.975, 4) + tQuantile(0.8, 4)
  t.ok(isAbout(found?.detectable, Math.exp((multiple * 0.1) / Math.sqrt(5)) - 1))
})

t.test('a difference of that size is significant in 80 % of runs', async (t) => {
  // From 0.04 a restart alone; the pairs have no noise of their own here.
  const random = randomFrom(80)
  const noise = { slice: 0, restart: 0.04 }
  const detectable = ((tQuantile(0.975, 9) + tQuantile(0.8, 9)) * noise.restart) / Math.sqrt(10)
  const shape = { pairs: 1, ratio: Math.exp(detectable) }
  const trials = Array.from({ length: 2000 }, () =>
    pairedRatio(simulatedRestarts(random, noise, shape), 0.95),
  )
  const power = trials.filter((found) => (found?.p ?? 1) < 0.05).length / trials.length
  t.ok(power > 0.77 && power < 0.83, `${power}`)
})

t.test('a higher level widens the interval and keeps the ratio', async (t) => {
  const restarts = restartsWith([0.2, 0.4, 0.2, 0.4])
  const [narrow, wide] = [pairedRatio(restarts, 0.95), pairedRatio(restarts, 0.99)]
  t.equal(narrow?.ratio, wide?.ratio)
  t.ok((wide?.halfWidth ?? 0) > (narrow?.halfWidth ?? 1))
})

t.test('swapped arms give the reciprocal and the same p', async (t) => {
  const restarts = simulatedRestarts(randomFrom(3), { slice: 0.1, restart: 0.04 })
  const there = pairedRatio(restarts, 0.95)
  const back = pairedRatio(
    restarts.map((pairs) => pairs.map(({ a, b }) => ({ a: b, b: a }))),
    0.95,
  )
  t.ok(isAbout(back?.ratio, 1 / (there?.ratio ?? 0)))
  t.ok(isAbout(back?.low, 1 / (there?.high ?? 0)))
  t.ok(isAbout(back?.p, there?.p ?? 0))
})

t.test('more pairs in one restart do not replace a second restart', async (t) => {
  const [restart = []] = restartsWith([0.2])
  t.equal(pairedRatio([Array.from({ length: 500 }, () => restart).flat()], 0.95), undefined)
})

t.test('a restart without pairs does not count', async (t) => {
  const restarts = restartsWith([0.2, 0.4])
  t.strictSame(pairedRatio([...restarts, []], 0.95), pairedRatio(restarts, 0.95))
  t.equal(pairedRatio([[], []], 0.95), undefined)
})

t.test('without scatter, a difference is certain and no difference is none', async (t) => {
  const exact = (b: number): RatioPair[][] => [[{ a: 1, b }], [{ a: 1, b }]]
  t.match(pairedRatio(exact(2), 0.95), { ratio: 2, low: 2, high: 2, p: 0, halfWidth: 0 })
  t.match(pairedRatio(exact(1), 0.95), { ratio: 1, low: 1, high: 1, p: 1, detectable: 0 })
})

t.test('a figure that is not positive is an error', async (t) => {
  for (const b of [0, -1, Number.NaN]) {
    t.throws(() => pairedRatio([[{ a: 1, b }], [{ a: 1, b: 1 }]], 0.95), RangeError)
  }
})

t.test('differences, which may be negative, have a t interval', async (t) => {
  const found = meanInterval([-0.1, 0.1, 0, -0.1, 0.1], 0.95)
  const half = (tQuantile(0.975, 4) * 0.1) / Math.sqrt(5)
  t.ok(isAbout(found?.centre, 0) && isAbout(found?.low, -half) && isAbout(found?.high, half))
  t.equal(meanInterval([1], 0.95), undefined)
})
