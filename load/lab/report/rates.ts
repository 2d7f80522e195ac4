import type { Slice } from '../record.ts'
import { mean } from '../stats/mean.ts'
import { meanInterval } from '../stats/paired-ratio.ts'
import { positive, rateOf } from '../verdict/figures.ts'

/** Units of work per second, with the 95 % interval over the restarts. */
export type Rate = { centre: number; low: number; high: number }

/** The geometric mean of the restarts' rates; undefined if there are too few for an interval. */
export const rateOver = (slices: readonly Slice[]): Rate | undefined => {
  const restarts = [...Map.groupBy(slices, ({ restart }) => restart).values()]
  const rates = restarts.flatMap((same) => positive(mean(same.map(rateOf))) ?? [])
  const found = meanInterval(rates.map(Math.log), 0.95)
  if (found === undefined) return undefined
  const { centre, low, high } = found
  return { centre: Math.exp(centre), low: Math.exp(low), high: Math.exp(high) }
}
