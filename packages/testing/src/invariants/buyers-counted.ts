import { buyerKey, buyerOf, type Facts, sumOf, unitsBy, unitsOf } from './facts.ts'
import { type Finding, finding } from './finding.ts'

/** I2b: the counts that enforce the limit per user must equal the sums of the lines. */
export const buyersCounted = (facts: Facts): Finding => {
  const { buyers } = facts.product
  const counted = new Map(buyers.map((row) => [buyerKey(row.deal_id, row.user_id), row.units]))
  const taken = unitsBy(facts.taken, buyerOf)
  const offenders = [...new Set([...counted.keys(), ...taken.keys()])].flatMap((buyer) => {
    const [count, units] = [counted.get(buyer) ?? 0, taken.get(buyer) ?? 0]
    return count === units ? [] : [`${buyer}: ${count} are counted, ${units} are held or confirmed`]
  })
  return finding({
    id: 'I2b',
    title: 'The count of each buyer equals their held and confirmed units',
    figures: {
      buyers: buyers.length,
      counted: sumOf(buyers, ({ units }) => units),
      'held or confirmed': unitsOf(facts.taken.filter(({ deal_id }) => deal_id !== null)),
    },
    offenders,
  })
}
