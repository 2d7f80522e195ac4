import { randomFrom } from '@flash-deal/local/random'

/** The choice of the next prepared request. */

/** A Zipf distribution over the requests in their order: the k-th has a weight of k to the minus s. */
export type Zipf = { exponent: number; seed: number }

/** In turn; each connection starts at its own number. */
export const inTurn =
  (count: number) =>
  (number: number): number =>
    number % count

/** The resolution of a share. */
const precision = 2 ** 30

/** By the distribution, whatever the connection. The same seed gives the same sequence. */
export const byZipf = (count: number, { exponent, seed }: Zipf): ((number: number) => number) => {
  const random = randomFrom(seed)
  const bounds = boundsOf(count, exponent)
  return () => firstBeyond(bounds, random.integer(0, precision - 1) / precision)
}

/** The cumulative share of the first k requests, for k from 1. */
const boundsOf = (count: number, exponent: number): number[] => {
  const weights = Array.from({ length: count }, (_, at) => (at + 1) ** -exponent)
  const total = weights.reduce((sum, each) => sum + each, 0)
  let sum = 0
  return weights.map((weight) => {
    sum += weight / total
    return sum
  })
}

/** Binary search; the last index if rounding leaves none. */
const firstBeyond = (bounds: readonly number[], share: number): number => {
  let [low, high] = [0, bounds.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((bounds[middle] ?? 1) > share) high = middle
    else low = middle + 1
  }
  return low
}
