import type { Figure, Header, Slice } from '../record.ts'
import { histogramQuantile, merged, sizeOf } from '../stats/histogram.ts'
import { sum } from '../stats/mean.ts'

/** The figures that a slice is compared by. */

export const microsecondsOf = ({ durationMs }: Pick<Slice, 'durationMs'>): number =>
  durationMs * 1000

/** Units of work a second. */
export const rateOf = ({ completed, durationMs }: Slice): number => (completed / durationMs) * 1000

/** CPU microseconds of the system for a unit of work. */
export const costOf = (slice: Slice): number => sum(Object.values(slice.cpu)) / slice.completed

/** The mean over all outcomes, in milliseconds; undefined if no latencies were taken. */
export const meanLatencyMs = ({ latency }: Pick<Slice, 'latency'>): number | undefined => {
  const outcomes = Object.values(latency).map((each) => ({ ...each, n: sizeOf(each.histogram) }))
  const n = sum(outcomes.map((each) => each.n))
  return n > 0 ? sum(outcomes.map((each) => each.meanMs * each.n)) / n : undefined
}

const shares = { p50: 0.5, p95: 0.95, p99: 0.99 } as const

/** The q of a figure that is a quantile. */
export const shareOf = (figure: Figure): number | undefined =>
  figure === 'rate' || figure === 'mean' ? undefined : shares[figure]

/** How many latencies of the judged outcome there are. */
export const latenciesOf = (slice: Slice, { outcome }: Pick<Header, 'outcome'>): number =>
  sizeOf(slice.latency[outcome]?.histogram ?? {})

/**
 * The judged figure as a speed, so that of two the larger is the better: a rate, or one by the
 * latency. Undefined where the slice does not tell.
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

/** The mean number of backends that waited. */
export const waitingOf = ({ waitsMs, durationMs }: Slice): number =>
  sum(Object.values(waitsMs)) / durationMs

/** Of the event loop that was busiest; undefined if there is none. */
export const busiestLoopOf = ({ eventLoop }: Slice): number | undefined =>
  positive(Math.max(0, ...Object.values(eventLoop)))

/** The latencies of one outcome over several slices, in one. */
export const latencyOver = (slices: readonly Pick<Slice, 'latency'>[], outcome: string) => {
  const found = slices.flatMap(({ latency }) => latency[outcome] ?? [])
  const histogram = merged(found.map((each) => each.histogram))
  const n = sizeOf(histogram)
  const total = sum(found.map((each) => each.meanMs * sizeOf(each.histogram)))
  return { histogram, n, meanMs: total / n }
}
