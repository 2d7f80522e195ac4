import { average } from './costs.ts'
import type { Overload } from './overload.ts'
import type { Second } from './phases.ts'

/** Seconds per window: long enough to average out noise, short enough to show a collapse. */
export const window = 5

/** Orders per second in the worst window. */
export const lowest = (seconds: readonly Second[]): number =>
  Math.min(...seconds.slice(window - 1).map((_, n) => average(seconds.slice(n, n + window))))

/** Whether the system meets the three targets, and no invariant is violated. */
export const hasPassed = ({ beside, during, storm, after, broken }: Overload): boolean => {
  const last = after.at(-1)
  const hasRecovered = last !== undefined && last.ordered >= 0.9 * last.sent && last.late === 0
  const keepsSelling = lowest(during) >= 0.8 * beside && (storm?.costRatio ?? 1) <= 1.2
  return keepsSelling && hasRecovered && broken.length === 0
}
