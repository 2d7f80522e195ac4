import { sum } from './mean.ts'
import { median } from './median.ts'

/** The trend of figures in the order of time. */
export type Trend = {
  /** From the first figure to the last, as a share of the median: −0.04 is a decrease by 4 %. */
  change: number
  /** The two-sided p value for no trend. */
  p: number
}

/**
 * The slope is the median of the slopes between all pairs (Theil 1950; Sen 1968, JASA 63,
 * 1379–1389), which is robust against single outliers.
 *
 * @param values positive, in the order of time, at least three
 */
export const changeOver = (values: readonly number[]): number => {
  const slopes = eachPair(values, (from, to, steps) => (to - from) / steps)
  return (median(slopes) * (values.length - 1)) / median(values)
}

/**
 * The test of Mann and Kendall (Mann 1945, Econometrica 13, 245–259) by the exact distribution of
 * the number of increasing pairs less the decreasing ones. Equal figures count as neither, which
 * favours no trend. For a few dozen figures.
 */
export const trendOf = (values: readonly number[]): Trend => {
  const score = Math.abs(sum(eachPair(values, (from, to) => Math.sign(to - from))))
  const pairs = (values.length * (values.length - 1)) / 2
  const falling = Math.floor((pairs - score) / 2)
  const tail = sum(sharesFor(values.length).slice(0, falling + 1))
  return { change: changeOver(values), p: Math.min(1, 2 * tail) }
}

const eachPair = (
  values: readonly number[],
  measure: (from: number, to: number, steps: number) => number,
): number[] =>
  values.flatMap((from, at) =>
    values.slice(at + 1).map((to, further) => measure(from, to, further + 1)),
  )

/** A cache: it is needed for every slice, always for the same few n. */
const known = new Map<number, number[]>()

const sharesFor = (n: number): number[] => {
  const shares = known.get(n) ?? inversionShares(n)
  known.set(n, shares)
  return shares
}

/** The share of all permutations of n figures with 0, 1, 2… inversions. */
const inversionShares = (n: number): number[] => {
  let shares = [1]
  for (let size = 2; size <= n; size++) {
    const longer = Array.from({ length: shares.length + size - 1 }, () => 0)
    for (const [inversions, share] of shares.entries()) {
      // The new figure precedes any number of the existing ones with equal probability.
      for (let more = 0; more < size; more++) {
        longer[inversions + more] = (longer[inversions + more] ?? 0) + share / size
      }
    }
    shares = longer
  }
  return shares
}
