import type { Figure, Header, Slice } from '../record.ts'
import { histogramQuantile, merged, sizeOf } from '../stats/histogram.ts'
import { sum } from '../stats/mean.ts'

/** The figures of a slice that are compared. */

export const microsecondsOf = ({ durationMs }: Pick<Slice, 'durationMs'>): number =>
  durationMs * 1000

/** How long requests were sent. */
export const loadMsOf = ({ loadMs, durationMs }: Pick<Slice, 'loadMs' | 'durationMs'>): number =>
  loadMs ?? durationMs

/** Units of work per second. */
export const rateOf = ({ completed, durationMs }: Slice): number => (completed / durationMs) * 1000

/** CPU microseconds of the system for a unit of work. */
export const costOf = (slice: Slice): number => sum(Object.values(slice.cpu)) / slice.completed

/** The mean over all outcomes, in milliseconds; undefined without latencies. */
export const meanLatencyMs = ({ latency }: Pick<Slice, 'latency'>): number | undefined => {
  const outcomes = Object.values(latency).map((each) => ({ ...each, n: sizeOf(each.histogram) }))
  const n = sum(outcomes.map((each) => each.n))
  return n > 0 ? sum(outcomes.map((each) => each.meanMs * each.n)) / n : undefined
}

const shares = { p50: 0.5, p95: 0.95, p99: 0.99 } as const

/** The q of a figure that is a quantile. */
export const shareOf = (figure: Figure): number | undefined =>
  figure === 'rate' || figure === 'mean' ? undefined : shares[figure]

/** The number of latencies of the judged outcome. */
export const latenciesOf = (slice: Slice, { outcome }: Pick<Header, 'outcome'>): number =>
  sizeOf(slice.latency[outcome]?.histogram ?? {})

/**
 * The judged figure as a speed, where larger is better: a rate, or the inverse of a latency.
 * Undefined if the slice does not have it.
 */
export const speedOf = (
  slice: Slice,
  { figure, outcome }: Pick<Header, 'figure' | 'outcome'>,
): number | undefined => {
  if (figure === 'rate') return positive(rateOf(slice))
  const latency = slice.latency[outcome]
  const share = shareOf(figure)
  if (latency === undefined) return undefined
  const ms = share === undefined ? latency.meanMs : histogramQuantile(latency.histogram, share)
  return ms === undefined ? undefined : positive(1 / ms)
}

export const positive = (figure: number): number | undefined =>
  figure > 0 && Number.isFinite(figure) ? figure : undefined

/** The mean number of waiting backends. */
export const waitingOf = ({ waitsMs, durationMs }: Slice): number =>
  sum(Object.values(waitsMs)) / durationMs

/** The utilisation of the busiest event loop; undefined if there is none. */
export const busiestLoopOf = ({ eventLoop }: Slice): number | undefined =>
  positive(Math.max(0, ...Object.values(eventLoop)))

/** The latencies of one outcome, merged over several slices. */
export const latencyOver = (slices: readonly Pick<Slice, 'latency'>[], outcome: string) => {
  const found = slices.flatMap(({ latency }) => latency[outcome] ?? [])
  const histogram = merged(found.map((each) => each.histogram))
  const n = sizeOf(histogram)
  const total = sum(found.map((each) => each.meanMs * sizeOf(each.histogram)))
  return { histogram, n, meanMs: total / n }
}
