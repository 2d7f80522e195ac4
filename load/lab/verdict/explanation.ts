import type { Header } from '../record.ts'
import { mean } from '../stats/mean.ts'
import { meanInterval, type PairedRatio, pairedRatio } from '../stats/paired-ratio.ts'
import { busiestLoopOf, costOf, positive, waitingOf } from './figures.ts'
import { pairsOf, type slicePairsOf } from './pairs.ts'

/** The explanation of a difference in rate or latency. */

export type Explanation = 'cost' | 'waiting'

type Couples = ReturnType<typeof slicePairsOf>

/** B's CPU for a unit of work over A's. */
export const costRatio = (slicePairs: Couples): PairedRatio | undefined =>
  pairedRatio(
    pairsOf(slicePairs, (slice) => positive(costOf(slice))),
    level,
  )

/**
 * The direction in which each tier moved: 1 speaks for a faster B, -1 for a slower one, 0 for
 * neither. A tier whose 95 % interval holds "no difference" has no sign.
 *
 * - Cost: less CPU for a unit of work is faster.
 * - Lock waits: fewer backends waiting on average is faster. Waits for a unit of work would not do:
 *   in a closed loop they fall with any gain in rate.
 * - Event-loop utilisation, of the busiest loop: in a closed loop one that works more waits less; at
 *   a rate that is given, one that works less lets requests wait less.
 */
export const signsOf = (
  slicePairs: Couples,
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

/** What explains a difference of this direction, if it has one: cost, else waiting, else nothing. */
export const explanationOf = (
  direction: number,
  { cost, waiting }: ReturnType<typeof signsOf>,
): Explanation | undefined => {
  if (direction === 0) return undefined
  if (cost === direction) return 'cost'
  return waiting.includes(direction) ? 'waiting' : undefined
}

/** B's waiting backends less A's. */
const waitingChange = (slicePairs: Couples) =>
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
