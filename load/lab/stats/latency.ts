import type { Latency } from '../record.ts'
import { histogramOf } from './histogram.ts'
import { sum } from './mean.ts'

/** The latency of these milliseconds; the mean of an empty list is 0. */
export const latencyOf = (valuesMs: readonly number[]): Latency => ({
  meanMs: sum(valuesMs) / (valuesMs.length || 1),
  histogram: histogramOf(valuesMs),
})
