import type { Slice } from '../record.ts'
import type { RatioPair } from '../stats/paired-ratio.ts'

/** The figures of pairs of adjacent slices of two arms, by restart. */

type SlicePair = { one: Slice; other: Slice }

/**
 * The pairs of slices of two arms, grouped by restart, in order.
 * @param ones the arms that may be the first of a pair
 */
export const slicePairsOf = (
  slices: readonly Slice[],
  ones: readonly string[],
  other: string,
): readonly (readonly SlicePair[])[] => {
  const restarts: SlicePair[][] = []
  const partners = new Map(slices.filter(({ arm }) => arm === other).map((it) => [keyOf(it), it]))
  for (const slice of slices.filter(({ arm }) => ones.includes(arm))) {
    const partner = partners.get(keyOf(slice))
    if (!partner || !areNeighbours(slice, partner)) continue
    const slicePairs = restarts[slice.restart] ?? []
    slicePairs.push({ one: slice, other: partner })
    restarts[slice.restart] = slicePairs
  }
  return restarts.filter((slicePairs) => slicePairs !== undefined)
}

const keyOf = ({ restart, block, pair }: Slice): string => `${restart} ${block} ${pair}`

/** A pair may have a second baseline on its outer side; it is compared only with the first. */
const areNeighbours = (one: Slice, other: Slice): boolean =>
  Math.abs(one.position - other.position) === 1

/** Pairs of a figure, without those in which a slice does not have it. */
export const pairsOf = (
  slicePairs: readonly (readonly SlicePair[])[],
  figureOf: (slice: Slice) => number | undefined,
): RatioPair[][] =>
  slicePairs.map((restart) =>
    restart.flatMap(({ one, other }) => {
      const [a, b] = [figureOf(one), figureOf(other)]
      return a === undefined || b === undefined ? [] : [{ a, b }]
    }),
  )
