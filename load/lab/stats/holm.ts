/**
 * The p values of a family, each adjusted for all of them, in the order given: Holm 1979, "A simple
 * sequentially rejective multiple test procedure", Scand. J. Statist. 6, 65–70. Values below 5 % are
 * significant; the chance of any false positive in the family is at most 5 %.
 */
export const holmAdjusted = (values: readonly number[]): number[] => {
  const ascending = values.map((p, place) => ({ p, place })).sort((one, two) => one.p - two.p)
  const adjusted: number[] = []
  let highest = 0
  for (const [rank, { p, place }] of ascending.entries()) {
    // Never below the adjusted value of a smaller p, so that a rejection implies the previous ones.
    highest = Math.max(highest, Math.min(1, p * (values.length - rank)))
    adjusted[place] = highest
  }
  return adjusted
}
