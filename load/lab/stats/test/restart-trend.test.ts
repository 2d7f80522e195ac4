import { randomFrom } from '@flash-deal/local/random'
import t from 'tap'
import { type Placed, restartTrend } from '../restart-trend.ts'
import { normal } from './noise.ts'

/** Does something go up or down over the blocks of all restarts? */

const blocks = 8

/** Two figures a block. */
const restartsOf = (count: number, figureAt: (at: number) => number): Placed[][] =>
  Array.from({ length: count }, () =>
    Array.from({ length: 2 * blocks }, (_, index) => {
      const at = Math.floor(index / 2) / (blocks - 1)
      return { at, figure: figureAt(at) }
    }),
  )

t.test('without scatter the change is exact', async (t) => {
  const found = restartTrend(
    restartsOf(10, (at) => 300 * 0.8 ** at),
    0.99,
  )
  t.equal(found?.change.toFixed(9), '0.800000000')
})

t.test('a restart with one block has no trend, and two with more are too few', async (t) => {
  const one: Placed[][] = Array.from({ length: 9 }, () => [{ at: 0, figure: 7 }])
  t.equal(restartTrend(one, 0.99), undefined)
  t.equal(restartTrend([...one, ...restartsOf(2, (at) => 1 + at)], 0.99), undefined)
  t.equal(restartTrend([...one, ...restartsOf(3, (at) => 1 + at)], 0.99)?.restarts, 3)
})

t.test('different levels of restarts do not hide the trend', async (t) => {
  const levels = [100, 400, 50, 900]
  const restarts = levels.map((level) => restartsOf(1, (at) => level * 1.5 ** at).flat())
  t.equal(restartTrend(restarts, 0.99)?.change.toFixed(6), '1.500000')
})

t.test('scatter alone is a trend at 1 % in about one of a hundred runs', async (t) => {
  const random = randomFrom(23)
  const found = Array.from({ length: 1_000 }, () =>
    restartTrend(
      restartsOf(10, () => Math.exp(0.1 * normal(random))),
      0.99,
    ),
  )
  const share = found.filter((it) => it && it.p < 0.01).length / found.length
  t.ok(share > 0.002 && share < 0.02, `${share}`)
  const outside = found.filter((it) => it && (it.low > 1 || it.high < 1)).length / found.length
  t.equal(outside, share)
})
