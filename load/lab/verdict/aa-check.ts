import { pairedRatio, type RatioPair } from '../stats/paired-ratio.ts'

/** The A/A check: the difference of two identical arms on this machine. */
export type AaCheck = {
  ratio: number
  /** The bounds of the 99 % interval. */
  low: number
  high: number
  containsOne: boolean
  /** The 95 % interval, which `equivalent` requires, and its half-width as a share of the ratio. */
  at95: { low: number; high: number }
  resolution: number
  restarts: number
  pairs: number
}

/** From the pairs of A with A', by restart; undefined if there are too few. */
export const aaCheckOf = (restarts: readonly (readonly RatioPair[])[]): AaCheck | undefined => {
  const [wide, narrow] = [pairedRatio(restarts, 0.99), pairedRatio(restarts, 0.95)]
  if (!wide || !narrow) return undefined
  const { ratio, low, high, pairs } = wide
  const containsOne = low <= 1 && high >= 1
  const { halfWidth: resolution } = narrow
  const at95 = { low: narrow.low, high: narrow.high }
  return { ratio, low, high, containsOne, at95, resolution, restarts: wide.restarts, pairs }
}
