import type { Latency } from '../record.ts'
import { histogramOf } from './histogram.ts'
import { sum } from './mean.ts'

/** Of so many milliseconds each; a mean of 0 for none. */
export const latencyOf = (valuesMs: readonly number[]): Latency => ({
  meanMs: sum(valuesMs) / (valuesMs.length || 1),
  histogram: histogramOf(valuesMs),
})
