import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'

/** A seeded random number generator: the same seed gives the same numbers. */
export type Random = {
  /** An integer between two bounds, both inclusive. */
  integer: (from: number, to: number) => number
  /** One item of a list. @throws RangeError for an empty list */
  pick: <Item>(items: readonly Item[]) => Item
  /** A shuffled copy of the list; every order is equally likely. */
  shuffle: <Item>(items: readonly Item[]) => Item[]
}

/** @param seed a 32-bit integer */
export const randomFrom = (seed: number): Random => {
  const generator = mersenne(seed)
  const integer = (from: number, to: number) => uniformInt(generator, from, to)
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[integer(0, Math.max(0, items.length - 1))]
    if (item === undefined) throw new RangeError('Cannot pick from an empty list')
    return item
  }
  return { integer, pick, shuffle: (items) => shuffled(items, integer) }
}

/** Fisher and Yates 1938: each position takes one of the remaining items. */
const shuffled = <Item>(items: readonly Item[], integer: Random['integer']): Item[] => {
  const left = [...items]
  return items.flatMap(() => left.splice(integer(0, left.length - 1), 1))
}
