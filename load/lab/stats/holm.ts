/**
 * The p values of a family, each adjusted for all of them, in the order given: Holm 1979, "A simple
 * sequentially rejective multiple test procedure", Scand. J. Statist. 6, 65–70. One that is below
 * 5 % may be called significant, with a chance of at most 5 % for any false call in the family.
 */
export const holmAdjusted = (values: readonly number[]): number[] => {
  const ascending = values.map((p, place) => ({ p, place })).sort((one, two) => one.p - two.p)
  const adjusted: number[] = []
  let highest = 0
  for (const [rank, { p, place }] of ascending.entries()) {
    // Never below that of a smaller p, so that a rejection implies those before it.
    highest = Math.max(highest, Math.min(1, p * (values.length - rank)))
    adjusted[place] = highest
  }
  return adjusted
}
