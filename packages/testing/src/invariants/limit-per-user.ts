import { type BuyersLine, buyerKey, buyerOf, type Facts, unitsBy } from './facts.ts'
import { type Finding, finding } from './finding.ts'

/** I5, by the units that product granted to each buyer and by the units that order sold to them. */
export const limitPerUser = (facts: Facts): Finding => {
  const limited = facts.product.deals.filter(({ per_user_limit }) => per_user_limit !== null)
  const limits = new Map(limited.map(({ id, per_user_limit }) => [id, per_user_limit ?? 0]))
  const [taken, sold] = [overLimit(facts.taken, limits), overLimit(facts.sold, limits)]
  return finding({
    id: 'I5',
    title: 'No buyer has more units of a deal than its limit',
    figures: {
      'deals with a limit': limited.length,
      'buyers of them': new Set(
        facts.product.buyers
          .filter(({ deal_id }) => limits.has(deal_id))
          .map(({ deal_id, user_id }) => buyerKey(deal_id, user_id)),
      ).size,
    },
    offenders: [...new Set([...taken, ...sold])],
  })
}

const overLimit = (lines: readonly BuyersLine[], limits: ReadonlyMap<string, number>): string[] => {
  const limitOf = ({ deal_id }: BuyersLine): number =>
    (deal_id === null ? undefined : limits.get(deal_id)) ?? Number.POSITIVE_INFINITY
  const limitBy = new Map(lines.map((line) => [buyerOf(line), limitOf(line)]))
  return [...unitsBy(lines, buyerOf)].flatMap(([buyer, units]) => {
    const limit = limitBy.get(buyer) ?? Number.POSITIVE_INFINITY
    return units > limit ? [`${buyer}: has ${units}, the limit is ${limit}`] : []
  })
}
