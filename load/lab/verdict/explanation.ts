import type { Header } from '../record.ts'
import { mean } from '../stats/mean.ts'
import { meanInterval, type PairedRatio, pairedRatio } from '../stats/paired-ratio.ts'
import { busiestLoopOf, costOf, positive, waitingOf } from './figures.ts'
import { pairsOf, type slicePairsOf } from './pairs.ts'

/** The explanation of a difference in rate or latency. */

export type Explanation = 'cost' | 'waiting'

type SlicePairs = ReturnType<typeof slicePairsOf>

/** B's CPU for a unit of work over A's. */
export const costRatio = (slicePairs: SlicePairs): PairedRatio | undefined =>
  pairedRatio(
    pairsOf(slicePairs, (slice) => positive(costOf(slice))),
    level,
  )

/**
 * The direction of each tier: 1 for a faster B, -1 for a slower B, 0 for neither. It is 0 if the 95 %
 * interval of the tier contains "no difference".
 *
 * - Cost: less CPU for a unit of work is faster.
 * - Lock waits: fewer backends waiting on average is faster. Waits for a unit of work are not used,
 *   because in a closed loop they fall with any gain in rate.
 * - Utilisation of the busiest event loop: in a closed loop more is faster, because the loop waits
 *   less; at a fixed rate less is faster, because requests wait less.
 */
export const signsOf = (
  slicePairs: SlicePairs,
  mode: Header['load']['mode'],
): { cost: number; waiting: number[] } => ({
  cost: -signOf(costRatio(slicePairs), 1),
  waiting: [
    -signOf(waitingChange(slicePairs), 0),
    (mode === 'latency' ? -1 : 1) *
      signOf(pairedRatio(pairsOf(slicePairs, busiestLoopOf), level), 1),
  ],
})

const level = 0.95

/** The tier that explains a difference of this direction: cost, else waiting, else none. */
export const explanationOf = (
  direction: number,
  { cost, waiting }: ReturnType<typeof signsOf>,
): Explanation | undefined => {
  if (direction === 0) return undefined
  if (cost === direction) return 'cost'
  return waiting.includes(direction) ? 'waiting' : undefined
}

/** B's waiting backends less A's. */
const waitingChange = (slicePairs: SlicePairs) =>
  meanInterval(
    slicePairs.map((restart) =>
      mean(restart.map(({ one, other }) => waitingOf(other) - waitingOf(one))),
    ),
    level,
  )

const signOf = (
  interval: { low: number; high: number } | undefined,
  noDifference: number,
): number => {
  if (!interval) return 0
  return Number(interval.low > noDifference) - Number(interval.high < noDifference)
}
