import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'

/** Draws that are the same again for the same seed. */
export type Random = {
  /** A whole number between two bounds, both included. */
  integer: (from: number, to: number) => number
  /** One of a list that is not empty; throws a RangeError for an empty one. */
  pick: <Item>(items: readonly Item[]) => Item
  /** The same items in an order of which each is equally likely; the list stays as it is. */
  shuffle: <Item>(items: readonly Item[]) => Item[]
}

/** @param seed a whole number of 32 bits */
export const randomFrom = (seed: number): Random => {
  const generator = mersenne(seed)
  const integer = (from: number, to: number) => uniformInt(generator, from, to)
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[integer(0, Math.max(0, items.length - 1))]
    if (item === undefined) throw new RangeError('Nothing can be picked from an empty list')
    return item
  }
  return { integer, pick, shuffle: (items) => shuffled(items, integer) }
}

/** Each place in turn takes one of those that are left (Fisher and Yates 1938). */
const shuffled = <Item>(items: readonly Item[], integer: Random['integer']): Item[] => {
  const left = [...items]
  return items.flatMap(() => left.splice(integer(0, left.length - 1), 1))
}
