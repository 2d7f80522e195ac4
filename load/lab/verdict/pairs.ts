import type { Slice } from '../record.ts'
import type { Pair } from '../stats/paired-ratio.ts'

/** Figures of two arms that stood beside each other, by restart. */

type Couple = { one: Slice; other: Slice }

/**
 * The couples of two arms, those of each restart together, in order.
 * @param ones arms of which either may be the one
 */
export const couplesOf = (
  slices: readonly Slice[],
  ones: readonly string[],
  other: string,
): readonly (readonly Couple[])[] => {
  const restarts: Couple[][] = []
  const partners = new Map(slices.filter(({ arm }) => arm === other).map((it) => [keyOf(it), it]))
  for (const slice of slices.filter(({ arm }) => ones.includes(arm))) {
    const partner = partners.get(keyOf(slice))
    if (!partner || !areNeighbours(slice, partner)) continue
    const couples = restarts[slice.restart] ?? []
    couples.push({ one: slice, other: partner })
    restarts[slice.restart] = couples
  }
  return restarts.filter((couples) => couples !== undefined)
}

const keyOf = ({ restart, block, couple }: Slice): string => `${restart} ${block} ${couple}`

/** A couple may have a second baseline on its outer side, which is only compared with the first. */
const areNeighbours = (one: Slice, other: Slice): boolean =>
  Math.abs(one.position - other.position) === 1

/** Pairs of a figure; couples of which either slice does not have it are left out. */
export const pairsOf = (
  couples: readonly (readonly Couple[])[],
  figureOf: (slice: Slice) => number | undefined,
): Pair[][] =>
  couples.map((restart) =>
    restart.flatMap(({ one, other }) => {
      const [a, b] = [figureOf(one), figureOf(other)]
      return a === undefined || b === undefined ? [] : [{ a, b }]
    }),
  )
