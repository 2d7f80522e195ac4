import { mean, sum } from './mean.ts'
import { meanInterval } from './paired-ratio.ts'

/** A positive figure and its position within a restart: 0 in the first block, 1 in the last. */
export type Placed = { at: number; figure: number }

/** The trend of a figure from the first block of a restart to the last, over all restarts. */
export type RestartTrend = {
  /** The last over the first: 0.9 is a decrease by a tenth. */
  change: number
  /** The bounds of the interval at the given level. */
  low: number
  high: number
  /** The two-sided p value for no trend. */
  p: number
  restarts: number
}

/**
 * The least-squares slope of the logarithms in each restart, then a t interval and its p over these
 * slopes. The unit is a restart, as for a ratio. Undefined if fewer than three restarts have figures
 * in more than one block.
 *
 * @param level of the interval, 0 < level < 1
 */
export const restartTrend = (
  restarts: readonly (readonly Placed[])[],
  level: number,
): RestartTrend | undefined => {
  const slopes = restarts.flatMap((points) => slopeOf(points) ?? [])
  const found = slopes.length < 3 ? undefined : meanInterval(slopes, level)
  if (found === undefined) return undefined
  return {
    change: Math.exp(found.centre),
    low: Math.exp(found.low),
    high: Math.exp(found.high),
    p: found.p,
    restarts: slopes.length,
  }
}

/** Undefined if all points have the same position. */
const slopeOf = (points: readonly Placed[]): number | undefined => {
  const places = points.map(({ at }) => at)
  const logs = points.map(({ figure }) => Math.log(figure))
  const [centre, height] = [mean(places), mean(logs)]
  const spread = sum(places.map((at) => (at - centre) ** 2))
  if (!(spread > 0)) return undefined
  return sum(places.map((at, index) => (at - centre) * ((logs[index] ?? 0) - height))) / spread
}
