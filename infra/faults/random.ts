import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'

/** A whole number between two bounds, both included. */
export type Random = (from: number, to: number) => number

/** The same numbers for the same seed, a whole number. */
export const randomFrom = (seed: number): Random => {
  const generator = mersenne(seed)
  return (from, to) => uniformInt(generator, from, to)
}
