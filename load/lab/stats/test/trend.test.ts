import { randomFrom } from '@flash-deal/local/random'
import t from 'tap'
import { changeOver, trendOf } from '../trend.ts'
import { normal } from './noise.ts'

/** Is a process still getting warm? */

/** One-sided probabilities by Kendall's table, as Gilbert 1987 reprints it (table A18). */
const published: readonly [values: readonly number[], p: number][] = [
  [[1, 2, 3, 4], 0.042],
  [[1, 2, 3, 5, 4], 0.042],
  [[1, 2, 3, 4, 5], 0.0083],
  [[2, 1, 4, 3, 6, 5, 8, 7], 0.0071],
  [[3, 2, 1, 6, 5, 4, 8, 7], 0.054],
  [[3, 2, 1, 6, 5, 4, 9, 10, 8, 7], 0.023],
]

t.test('probabilities are those of the published table', async (t) => {
  for (const [values, wanted] of published) {
    const { p } = trendOf(values)
    t.ok(Math.abs(p / 2 - wanted) < 0.00051, `${values}: ${p / 2} for ${wanted}`)
    t.equal(trendOf([...values].reverse()).p, p)
  }
})

t.test('a decrease of 3 % per slice is detected, with its size', async (t) => {
  const trend = trendOf([106, 103, 100, 97, 94])
  t.ok(trend.p < 0.02)
  t.equal(trend.change.toFixed(12), '-0.120000000000')
})

t.test('one outlier is no trend', async (t) => {
  t.equal(changeOver([100, 100, 100, 100, 900, 100, 100, 100]), 0)
  t.ok(trendOf([101, 100, 102, 99, 100.5, 101.5, 98, 900]).p > 0.2)
})

t.test('equal figures have no trend', async (t) => {
  t.strictSame(trendOf([5, 5, 5, 5, 5, 5]), { change: 0, p: 1 })
})

t.test('at most one in twenty series of random slices has a trend', async (t) => {
  const random = randomFrom(8)
  const series = Array.from({ length: 1000 }, () =>
    trendOf(Array.from({ length: 8 }, () => 100 + 10 * normal(random))),
  )
  const found = series.filter(({ p }) => p < 0.05).length / series.length
  // 3.1 % by the exact distribution.
  t.ok(found > 0.015 && found < 0.05, `${found}`)
})
