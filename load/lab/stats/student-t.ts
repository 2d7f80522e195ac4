import { regularisedBeta } from './incomplete-beta.ts'

/** Student's t distribution, for any number of degrees of freedom from 1. */

/**
 * The probability that |T| is at least |t|: DLMF 8.17 with x = df / (df + t²), a = df/2, b = 1/2
 * (Abramowitz and Stegun 26.7.1 and 26.5.27). It is relatively precise in the far tail too.
 */
export const twoSidedP = (t: number, df: number): number => {
  if (!(df >= 1)) throw new RangeError(`Degrees of freedom must be at least 1, got ${df}`)
  return Number.isFinite(t) ? regularisedBeta(df / (df + t * t), df / 2, 0.5) : 0
}

/**
 * The t below which the given share of the distribution lies, 0 < share < 1. Bisection to the last
 * digit is slower than an approximation, but has no parameters.
 */
export const tQuantile = (share: number, df: number): number => {
  if (!(share > 0 && share < 1))
    throw new RangeError(`A share must be between 0 and 1, got ${share}`)
  if (share === 0.5) return 0
  return share < 0.5 ? -upperQuantile(2 * share, df) : upperQuantile(2 * (1 - share), df)
}

/** The t ≥ 0 that |T| exceeds with the given probability. */
const upperQuantile = (tails: number, df: number): number => {
  let [low, high] = [0, 1]
  while (twoSidedP(high, df) > tails) [low, high] = [high, high * 2]
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (twoSidedP(middle, df) > tails) low = middle
    else high = middle
  }
}
