import { mean, sum } from './mean.ts'
import { tQuantile, twoSidedP } from './student-t.ts'

/** The positive figures of two neighbouring slices. */
export type RatioPair = { a: number; b: number }

/** The ratio b over a from the pairs of a run. Bounds and widths are on the scale of the ratio. */
export type PairedRatio = {
  ratio: number
  /** The bounds of the interval at `level`. */
  low: number
  high: number
  level: number
  /** The two-sided p value for a ratio of 1. */
  p: number
  restarts: number
  pairs: number
  /** exp(h) − 1 for an interval of ratio ×/÷ exp(h): 0.03 means "within 3 %". */
  halfWidth: number
  /** The difference that a run with this scatter detects with a probability of 80 %. */
  detectable: number
  /** The mean ratio of each restart, in order. */
  restartMeans: number[]
}

/**
 * b over a: the mean log ratio of the pairs of each restart, then a t interval and its p over these
 * means. The unit is a restart, because restarts differ more than their pairs explain. Restarts
 * without pairs do not count; undefined for fewer than two.
 *
 * @param level of the interval, 0 < level < 1
 */
export const pairedRatio = (
  restarts: readonly (readonly RatioPair[])[],
  level: number,
): PairedRatio | undefined => {
  const withPairs = restarts.filter((pairs) => pairs.length > 0)
  if (withPairs.length < 2) return undefined
  const logs = withPairs.map((pairs) => mean(pairs.map(logRatio)))
  const { centre, error, df } = meanWithError(logs)
  const half = tQuantile((1 + level) / 2, df) * error
  return {
    ratio: Math.exp(centre),
    low: Math.exp(centre - half),
    high: Math.exp(centre + half),
    level,
    p: pOfMean(centre, error, df),
    restarts: withPairs.length,
    pairs: withPairs.flat().length,
    halfWidth: Math.expm1(half),
    detectable: Math.expm1(detectableMultiple(df) * error),
    restartMeans: logs.map(Math.exp),
  }
}

/**
 * The mean of figures that may be zero or negative, such as differences, with its t interval and the
 * two-sided p for a mean of 0; undefined for fewer than two figures.
 */
export const meanInterval = (
  values: readonly number[],
  level: number,
): { centre: number; low: number; high: number; p: number } | undefined => {
  if (values.length < 2) return undefined
  const { centre, error, df } = meanWithError(values)
  const half = tQuantile((1 + level) / 2, df) * error
  return { centre, low: centre - half, high: centre + half, p: pOfMean(centre, error, df) }
}

const meanWithError = (values: readonly number[]) => {
  const centre = mean(values)
  const df = values.length - 1
  const variance = sum(values.map((value) => (value - centre) ** 2)) / df
  return { centre, error: Math.sqrt(variance / values.length), df }
}

const logRatio = ({ a, b }: RatioPair): number => {
  if (!(a > 0 && b > 0)) throw new RangeError(`A ratio needs positive figures, got ${a} and ${b}`)
  return Math.log(b / a)
}

/** Without scatter, a mean of exactly 0 is no difference, and any other mean is one. */
const pOfMean = (centre: number, error: number, df: number): number =>
  centre === 0 ? 1 : twoSidedP(centre / error, df)

/**
 * In standard errors, at 80 % power and 5 % two-sided: Bloom 1995, "Minimum Detectable Effects",
 * Evaluation Review 19(5), 547–556.
 */
const detectableMultiple = (df: number): number => tQuantile(0.975, df) + tQuantile(0.8, df)
