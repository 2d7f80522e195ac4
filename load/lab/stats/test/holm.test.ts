import { randomFrom } from '@flash-deal/local/random'
import t from 'tap'
import { holmAdjusted } from '../holm.ts'

/** The correction for many comparisons in one report. */

const isAbout = (one: number, other: number) => Math.abs(one - other) < 1e-12

t.test('a published worked example gives the published values', async (t) => {
  // Wikipedia, "Holm–Bonferroni method": of these only the first and the last are rejected at 5 %.
  const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005])
  t.ok([0.03, 0.06, 0.06, 0.02].every((wanted, at) => isAbout(adjusted[at] ?? 0, wanted)))
})

t.test(
  'the result is the closure of Bonferroni: the maximum over all families of a hypothesis',
  async (t) => {
    const random = randomFrom(1)
    for (const size of [1, 2, 3, 5, 8]) {
      const values = Array.from({ length: size }, () => random.integer(0, 60) / 100)
      const adjusted = holmAdjusted(values)
      t.ok(
        values.every((_, at) => isAbout(adjusted[at] ?? -1, worstOfFamilies(values, at))),
        `of ${values}`,
      )
    }
  },
)

const worstOfFamilies = (values: readonly number[], at: number): number =>
  Math.max(
    ...Array.from({ length: 2 ** values.length }, (_, family) =>
      values.filter((_, member) => (family >> member) & 1 || member === at),
    ).map((family) => Math.min(1, family.length * Math.min(...family))),
  )

t.test('equal values stay equal, and a smaller one is never adjusted above a larger', async (t) => {
  t.strictSame(holmAdjusted([0.01, 0.01, 0.01]), [0.03, 0.03, 0.03])
  const values = [0.2, 0.011, 0.012, 0.2, 0.9]
  const adjusted = holmAdjusted(values)
  const order = values.map((_, at) => at).sort((x, y) => (values[x] ?? 0) - (values[y] ?? 0))
  const ascending = order.map((at) => adjusted[at] ?? -1)
  t.strictSame(ascending, [...ascending].sort())
  t.ok(adjusted.every((p, at) => p >= (values[at] ?? 1) && p <= 1))
})

t.test('a single value does not change, and an empty list stays empty', async (t) => {
  t.strictSame(holmAdjusted([0.04]), [0.04])
  t.strictSame(holmAdjusted([]), [])
})
