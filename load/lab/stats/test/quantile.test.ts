import t from 'tap'
import { histogramOf, histogramQuantile, merged, sizeOf } from '../histogram.ts'
import { isPrintable, quantile, valuesNeeded } from '../quantile.ts'

/** Quantiles of latencies, and which of them may be printed. */

const upTo = (n: number) => Array.from({ length: n }, (_, at) => at + 1)

t.test('a quantile is the value at the nearest rank', async (t) => {
  // The worked example of Wikipedia, "Percentile", for the nearest rank.
  const values = [15, 20, 35, 40, 50]
  t.strictSame(
    [0.05, 0.3, 0.4, 0.5, 1].map((q) => quantile(values, q)),
    [15, 20, 20, 35, 50],
  )
  t.equal(quantile(upTo(100), 0.95), 95)
  t.equal(quantile(upTo(1000), 0.999), 999)
  // 0.55 × 100 is 55.00000000000001 in binary, and means 55.
  t.equal(quantile(upTo(100), 0.55), 55)
  t.equal(quantile([7], 0.5), 7)
  t.throws(() => quantile([], 0.5), RangeError)
})

const boundaries: readonly [q: number, n: number][] = [
  [0.5, 200],
  [0.9, 1000],
  [0.95, 2000],
  [0.99, 10_000],
  [0.999, 100_000],
]

for (const [q, n] of boundaries) {
  t.test(`the quantile ${q} is printed with at least ${n} values`, async (t) => {
    t.equal(isPrintable(q, n), true)
    t.equal(isPrintable(q, n - 1), false)
    t.equal(valuesNeeded(q), n)
  })
}

t.test('a histogram gives a quantile to within half a per cent', async (t) => {
  const values = upTo(5000).map((at) => 0.05 * 1.002 ** at)
  const histogram = histogramOf(values)
  for (const q of [0.01, 0.5, 0.9, 0.99, 1]) {
    const [found = 0, wanted] = [histogramQuantile(histogram, q), quantile(values, q)]
    t.ok(Math.abs(found / wanted - 1) < 0.0051, `${q}: ${found} for ${wanted}`)
  }
})

t.test('the sum of two histograms is the histogram of both slices', async (t) => {
  const [one, other] = [histogramOf([1, 2, 2, 800]), histogramOf([2, 0.0001])]
  t.strictSame(merged([one, other]), histogramOf([1, 2, 2, 800, 2, 0.0001]))
  t.equal(sizeOf(merged([one, other])), 6)
  t.equal(sizeOf(merged([])), 0)
  t.equal(histogramQuantile({}, 0.5), undefined)
})
