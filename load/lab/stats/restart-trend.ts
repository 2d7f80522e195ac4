import { mean, sum } from './mean.ts'
import { meanInterval } from './paired-ratio.ts'

/** A positive figure at its place within a restart: 0 in the first block, 1 in the last. */
export type Placed = { at: number; figure: number }

/** How a figure goes from the first block of a restart to the last, over all restarts. */
export type RestartTrend = {
  /** The last over the first: 0.9 has fallen by a tenth. */
  change: number
  /** The bounds of the interval at the level that was asked for. */
  low: number
  high: number
  /** Two-sided, for no trend. */
  p: number
  restarts: number
}

/**
 * The slope of the logarithms in each restart by least squares, and over these slopes a t interval
 * and its p: a restart is the unit, as it is for a ratio. Undefined where fewer than three restarts
 * have figures in more than one block.
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

/** Undefined where all points stand at one place. */
const slopeOf = (points: readonly Placed[]): number | undefined => {
  const places = points.map(({ at }) => at)
  const logs = points.map(({ figure }) => Math.log(figure))
  const [centre, height] = [mean(places), mean(logs)]
  const spread = sum(places.map((at) => (at - centre) ** 2))
  if (!(spread > 0)) return undefined
  return sum(places.map((at, index) => (at - centre) * ((logs[index] ?? 0) - height))) / spread
}
