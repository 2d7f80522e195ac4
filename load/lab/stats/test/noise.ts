import type { Random } from '@flash-deal/local/random'
import type { RatioPair } from '../paired-ratio.ts'

/** Restarts as this class of machine yields them: noise of its own for a slice and for a restart. */

/** Normally distributed, mean 0, deviation 1 (Box and Muller 1958). */
export const normal = (random: Random): number => {
  const uniform = () => random.integer(1, 2 ** 30) / 2 ** 30
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

export type Noise = { slice: number; restart: number }

/** @param ratio of b over a, in truth */
export const simulatedRestarts = (
  random: Random,
  noise: Noise,
  { restarts = 10, pairs = 16, ratio = 1 } = {},
): RatioPair[][] =>
  Array.from({ length: restarts }, () => {
    const shift = ratio * Math.exp(noise.restart * normal(random))
    const slice = () => 1000 * Math.exp(noise.slice * normal(random))
    return Array.from({ length: pairs }, () => ({ a: slice(), b: shift * slice() }))
  })
