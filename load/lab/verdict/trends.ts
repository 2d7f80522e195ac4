import type { Header, Slice } from '../record.ts'
import { holmAdjusted } from '../stats/holm.ts'
import { type Placed, type RestartTrend, restartTrend } from '../stats/restart-trend.ts'
import { costOf, positive, speedOf } from './figures.ts'
import type { slicePairsOf } from './pairs.ts'

/** Trends from block to block, over all restarts. */

/** The significance level of a trend: one false trend in a hundred runs. */
const significant = 0.01
/** A smaller trend does not matter, even if it is significant. */
const smallestChange = 0.05
const level = 0.99

export type Trend = RestartTrend & { adjustedP: number; isFound: boolean }

/** The trend of the speed of one arm over the other's. */
export const ratioTrend = (
  header: Header,
  slicePairs: ReturnType<typeof slicePairsOf>,
): RestartTrend | undefined =>
  restartTrend(
    slicePairs.map((restart) =>
      restart.flatMap(({ one, other }): Placed[] => {
        const [a, b] = [speedOf(one, header), speedOf(other, header)]
        return a === undefined || b === undefined
          ? []
          : [{ at: placeOf(one, header), figure: b / a }]
      }),
    ),
    level,
  )

/** The trend of an arm's CPU for a unit of work: it falls while V8 compiles, and rises with the data. */
export const costTrend = (header: Header, slices: readonly Slice[]): RestartTrend | undefined => {
  const restarts = [...Map.groupBy(slices, ({ restart }) => restart).values()]
  const placed = (slice: Slice): Placed[] => {
    const figure = positive(costOf(slice))
    return figure === undefined ? [] : [{ at: placeOf(slice, header), figure }]
  }
  return restartTrend(
    restarts.map((same) => same.flatMap(placed)),
    level,
  )
}

const placeOf = ({ block }: Slice, { blocks }: Pick<Header, 'blocks'>): number =>
  block / Math.max(1, blocks - 1)

/** Marks the significant trends of a run; a trend for each arm or comparison. */
export const judgedTrends = (found: readonly (RestartTrend | undefined)[]) => {
  const adjusted = holmAdjusted(found.map((trend) => trend?.p ?? 1))
  return found.map((trend, at): Trend | undefined => {
    const adjustedP = adjusted[at] ?? 1
    return trend && { ...trend, adjustedP, isFound: isLarge(trend) && adjustedP < significant }
  })
}

const isLarge = ({ change }: RestartTrend): boolean =>
  Math.max(change, 1 / change) - 1 >= smallestChange
