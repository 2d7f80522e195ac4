/**
 * The value at the nearest rank: the smallest one that at least the share q of all values does not
 * exceed (type 1 of Hyndman and Fan 1996). It always is one that was measured.
 *
 * @param ascending sorted, not empty
 * @param q 0 < q ≤ 1
 */
export const quantile = (ascending: readonly number[], q: number): number => {
  const value = ascending[rankOf(q, ascending.length) - 1]
  if (value === undefined) throw new RangeError(`No quantile ${q} of ${ascending.length} values`)
  return value
}

/** From 1 to n. */
export const rankOf = (q: number, n: number): number => Math.ceil(q * n - rounding)

/** A quantile is worth printing only where a hundred values or more lie beyond it. */
export const isPrintable = (q: number, n: number): boolean => n * (1 - q) >= 100 - rounding

/** How many values a quantile needs to be printable. */
export const valuesNeeded = (q: number): number => Math.ceil(100 / (1 - q) - rounding)

/** 1,000 × (1 − 0.9) is 99.99999999999997 in binary, and means 100. */
const rounding = 1e-6
