import type { Slice } from '../record.ts'
import { trendOf } from '../stats/trend.ts'
import { costOf, positive } from './figures.ts'

/** Is a process warm after a restart? The runner asks before it measures, a verdict asks again. */

const shortestMs = 10_000
const fewestSlices = 5
const lastSlices = 8
const level = 0.05
/** Below this a trend is too small to matter, significant or not. */
const smallestChange = 0.05

/**
 * Why not yet, as a sentence: less than ten seconds under load, or a trend in CPU a request over
 * the last slices. Undefined: it is warm.
 *
 * @param slices those of the warm-up of one arm in one restart, in order
 * @param warmedMs how long the process has been under load by now
 */
export const whyNotWarm = (slices: readonly Slice[], warmedMs: number): string | undefined => {
  if (warmedMs < shortestMs) return `warmed up for ${Math.floor(warmedMs / 1000)} s of at least 10`
  const costs = slices.slice(-lastSlices).flatMap((slice) => positive(costOf(slice)) ?? [])
  if (costs.length < fewestSlices) {
    return `only ${costs.length} of at least ${fewestSlices} slices show that it was warm`
  }
  const { change, p } = trendOf(costs)
  return p < level && Math.abs(change) >= smallestChange
    ? `not warm: CPU a request went by ${(change * 100).toFixed(0)} % over the last slices`
    : undefined
}
