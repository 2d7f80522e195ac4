import { dealOf, type Facts, unitsBy } from './facts.ts'
import { type Finding, finding } from './finding.ts'

/** By deal: the number of units requested within the limits. */
export type Demand = ReadonlyMap<string, number>

/** I8, for a run without faults and at rest: requested units are not left over. */
export const allSold = (facts: Facts, demand: Demand): Finding => {
  const soldBy = unitsBy(facts.sold, dealOf)
  const known = new Map(facts.product.deals.map((deal) => [deal.id, deal.deal_stock]))
  const offenders = [...demand].flatMap(([id, wanted]) => {
    const [stock, sold] = [known.get(id), soldBy.get(id) ?? 0]
    if (stock === undefined) return [`deal ${id}: there is no such deal`]
    return wanted < stock || sold === stock
      ? []
      : [`deal ${id}: ${sold} of ${stock} are sold, ${wanted} were requested`]
  })
  return finding({
    id: 'I8',
    title: 'A deal with enough demand is sold out',
    figures: {
      wanted: [...demand.values()].reduce((sum, units) => sum + units, 0),
      sold: [...demand.keys()].reduce((sum, id) => sum + (soldBy.get(id) ?? 0), 0),
    },
    offenders,
  })
}
