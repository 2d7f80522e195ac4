import type { Header, Slice } from '../record.ts'
import { trendOf } from '../stats/trend.ts'
import { costOf, positive } from './figures.ts'

/**
 * Was a process warm? Since version 3 each arm answers the same number of requests before its first
 * slice, and the trend of its cost over all restarts is tested (trends.ts). Runs of version 2 were
 * warmed up by time, and are judged by the slices of their warm-up.
 */

/** Why a slice came too early, as a sentence; undefined: it did not. */
export const whyTooEarly = (
  { warmUp }: Pick<Header, 'warmUp'>,
  { warmedMs, warmedRequests = 0 }: Pick<Slice, 'warmedMs' | 'warmedRequests'>,
  warmUpSlices: readonly Slice[],
): string | undefined => {
  if (warmUp === undefined) return whyNotWarm(warmUpSlices, warmedMs)
  return warmedRequests < warmUp.requests
    ? `warmed up by ${warmedRequests} of ${warmUp.requests} requests`
    : undefined
}

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
