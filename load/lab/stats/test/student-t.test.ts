import t, { type Test } from 'tap'
import { tQuantile, twoSidedP } from '../student-t.ts'

/** Student's t against values from elsewhere. */

const isNear = (t: Test, found: number, wanted: number, relative: number, what: string) =>
  t.ok(Math.abs(found / wanted - 1) <= relative, `${what}: ${found} for ${wanted}`)

/** NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, three decimals. */
const published: readonly [share: number, df: number, quantile: number][] = [
  [0.9, 1, 3.078],
  [0.95, 1, 6.314],
  [0.975, 1, 12.706],
  [0.99, 1, 31.821],
  [0.975, 2, 4.303],
  [0.975, 4, 2.776],
  [0.95, 9, 1.833],
  [0.975, 9, 2.262],
  [0.995, 9, 3.25],
  [0.999, 9, 4.297],
  [0.975, 19, 2.093],
  [0.995, 19, 2.861],
  [0.975, 30, 2.042],
  [0.975, 100, 1.984],
]

/** By mpmath 1.3 with 40 digits, from the incomplete beta function. */
const quantiles: readonly [share: number, df: number, quantile: number][] = [
  [0.6, 3, 0.27667066233269],
  [0.8, 9, 0.883403859685535],
  [0.8, 19, 0.860950550268929],
  [0.975, 1, 12.7062047361747],
  [0.975, 2, 4.30265272974946],
  [0.975, 7, 2.36462425159279],
  [0.975, 9, 2.26215716279821],
  [0.975, 19, 2.09302405440831],
  [0.975, 200, 1.97189622363391],
  [0.995, 9, 3.24983554159213],
  [0.995, 19, 2.86093460646498],
  [0.995, 200, 2.60063443619156],
  [0.999, 1, 318.30883898555],
  [0.9995, 100, 3.39049131116423],
  [0.9999, 5, 9.67756630088259],
  [0.99999, 9, 8.10205787939482],
]

/** Likewise, down into the far tails. */
const tails: readonly [value: number, df: number, p: number][] = [
  [0.001, 9, 0.999223930325973],
  [2, 1, 0.295167235300867],
  [2.262157, 9, 0.0500000133044317],
  [5, 19, 7.94997499841763e-5],
  [10, 9, 3.57823743192474e-6],
  [40, 9, 1.89829984493398e-11],
  [1e6, 1, 6.36619772367369e-7],
  [1e6, 3, 2.20531558167923e-18],
  [30, 200, 5.72416120882785e-76],
  [100, 200, 9.95684359045355e-173],
]

t.test('quantiles are those of the published table', async (t) => {
  for (const [share, df, wanted] of published) {
    t.equal(tQuantile(share, df).toFixed(3), wanted.toFixed(3), `${share} with ${df}`)
  }
})

t.test('quantiles have ten correct digits', async (t) => {
  for (const [share, df, wanted] of quantiles) {
    isNear(t, tQuantile(share, df), wanted, 1e-10, `${share} with ${df}`)
  }
})

t.test('probabilities have eleven correct digits, in the far tail too', async (t) => {
  for (const [value, df, wanted] of tails) {
    isNear(t, twoSidedP(value, df), wanted, 1e-11, `${value} with ${df}`)
  }
})

/** P(|T| < t) as a finite sum: Abramowitz and Stegun 26.7.3 and 26.7.4, no beta function in it. */
const within = (value: number, df: number): number => {
  const angle = Math.atan(value / Math.sqrt(df))
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  const isOdd = df % 2 === 1
  let term = isOdd ? cosine : 1
  let total = df === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k <= df - 2; k += 2) {
    term *= ((k - 1) / k) * cosine ** 2
    total += term
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * total) : sine * total
}

t.test('with 1 to 200 degrees of freedom the finite sums of the textbook agree', async (t) => {
  const worst = Array.from({ length: 200 }, (_, at) => at + 1).map((df) =>
    Math.max(
      ...[0.01, 0.5, 1, 2, 3, 6].map((value) =>
        Math.abs(1 - within(value, df) - twoSidedP(value, df)),
      ),
    ),
  )
  t.ok(Math.max(...worst) < 1e-12, `at most ${Math.max(...worst)} apart`)
})

t.test('quantile and probability are inverse, on both sides', async (t) => {
  for (const df of [1, 2, 5, 19, 200]) {
    for (const share of [1e-9, 0.025, 0.3, 0.8, 0.995]) {
      const both = 2 * Math.min(share, 1 - share)
      isNear(t, twoSidedP(tQuantile(share, df), df), both, 1e-12, `${share} with ${df}`)
      t.equal(Math.sign(tQuantile(share, df)), Math.sign(share - 0.5))
    }
  }
  t.equal(tQuantile(0.5, 9), 0)
  t.equal(twoSidedP(0, 9), 1)
  t.equal(twoSidedP(Number.POSITIVE_INFINITY, 9), 0)
})

t.test('arguments outside the domain are errors', async (t) => {
  t.throws(() => tQuantile(1, 9), RangeError)
  t.throws(() => tQuantile(0, 9), RangeError)
  t.throws(() => tQuantile(Number.NaN, 9), RangeError)
  t.throws(() => twoSidedP(2, 0), RangeError)
})
