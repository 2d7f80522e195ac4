/**
 * The value at the nearest rank: the smallest value that a share of at least q of all values does not
 * exceed (type 1 of Hyndman and Fan 1996). It is always a measured value.
 *
 * @param ascending sorted, not empty
 * @param q 0 < q ≤ 1
 */
export const quantile = (ascending: readonly number[], q: number): number => {
  const value = ascending[rankOf(q, ascending.length) - 1]
  if (value === undefined) throw new RangeError(`No quantile ${q} of ${ascending.length} values`)
  return value
}

/** The rank, from 1 to n. */
export const rankOf = (q: number, n: number): number => Math.ceil(q * n - rounding)

/** A quantile is printed only if at least a hundred values lie beyond it. */
export const isPrintable = (q: number, n: number): boolean => n * (1 - q) >= 100 - rounding

/** The number of values that a quantile needs to be printed. */
export const valuesNeeded = (q: number): number => Math.ceil(100 / (1 - q) - rounding)

/** Rounds: 1,000 × (1 − 0.9) is 99.99999999999997 in floating point instead of 100. */
const rounding = 1e-6
