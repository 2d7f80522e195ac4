import type { Header, Slice } from '../record.ts'
import { trendOf } from '../stats/trend.ts'
import { costOf, positive } from './figures.ts'

/**
 * Whether a process was warm. Since version 3 each arm completes the same number of requests before
 * its first slice, and the trend of its cost over all restarts is tested (trends.ts). Runs of version
 * 2 had a warm-up of a fixed time, and are judged by the slices of their warm-up.
 */

/** Why a slice came too early, as a clause; undefined if it did not. */
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
/** A smaller trend does not matter, even if it is significant. */
const smallestChange = 0.05

/**
 * Why the process is not warm, as a clause: less than ten seconds under load, or a trend in the CPU
 * of a request over the last slices. Undefined if it is warm.
 *
 * @param slices of the warm-up of one arm in one restart, in order
 * @param warmedMs milliseconds under load so far
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
