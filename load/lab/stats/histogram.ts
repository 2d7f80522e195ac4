import { sum } from './mean.ts'
import { rankOf } from './quantile.ts'

/**
 * A histogram of latencies: bucket i counts those from 1.01^i to 1.01^(i+1) microseconds. Histograms,
 * unlike quantiles, can be added. A quantile of a histogram has an error of at most 0.5 %.
 */
export type Histogram = { readonly [bucket: string]: number }

const step = Math.log(1.01)

/** In milliseconds; values below a microsecond count as one microsecond. */
export const histogramOf = (valuesMs: Iterable<number>): Histogram => {
  const counts: Record<string, number> = {}
  for (const ms of valuesMs) {
    const bucket = Math.floor(Math.log(Math.max(1, ms * 1000)) / step)
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  return counts
}

export const merged = (histograms: readonly Histogram[]): Histogram => {
  const counts: Record<string, number> = {}
  for (const [bucket, count] of histograms.flatMap((histogram) => Object.entries(histogram))) {
    counts[bucket] = (counts[bucket] ?? 0) + count
  }
  return counts
}

export const sizeOf = (histogram: Histogram): number => sum(Object.values(histogram))

/**
 * The quantile q by nearest rank, in milliseconds: the middle of the bucket it falls into.
 * Undefined for an empty histogram.
 */
export const histogramQuantile = (histogram: Histogram, q: number): number | undefined => {
  let left = rankOf(q, sizeOf(histogram))
  for (const bucket of ascendingBuckets(histogram)) {
    left -= histogram[bucket] ?? 0
    if (left <= 0) return Math.exp((bucket + 0.5) * step) / 1000
  }
  return undefined
}

const ascendingBuckets = (histogram: Histogram): number[] =>
  Object.keys(histogram)
    .map(Number)
    .sort((one, two) => one - two)
