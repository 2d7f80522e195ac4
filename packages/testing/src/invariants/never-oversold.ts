import { dealOf, type Facts, productOf, unitsBy, unitsOf } from './facts.ts'
import { type Finding, finding } from './finding.ts'

/** I1, by the units that product granted and by the units that order sold. */
export const neverOversold = (facts: Facts): Finding =>
  finding({
    id: 'I1',
    title: 'No more units are sold or held than exist, and no stock is negative',
    figures: {
      deals: facts.product.deals.length,
      products: facts.product.products.length,
      held: unitsOf(facts.held),
      confirmed: unitsOf(facts.confirmed),
      sold: unitsOf(facts.sold),
    },
    offenders: [...dealsOf(facts), ...productsOf(facts)].flatMap(problemsOf),
  })

type Pool = { name: string; given: number; left: number; taken: number; sold: number }

const dealsOf = ({ product, taken, sold }: Facts): Pool[] => {
  const [takenBy, soldBy] = [unitsBy(taken, dealOf), unitsBy(sold, dealOf)]
  return product.deals.map(({ id, deal_stock, remaining_stock }) => ({
    name: `deal ${id}`,
    given: deal_stock,
    left: remaining_stock,
    taken: takenBy.get(id) ?? 0,
    sold: soldBy.get(id) ?? 0,
  }))
}

const productsOf = ({ product, taken, sold }: Facts): Pool[] => {
  const [takenBy, soldBy] = [unitsBy(taken, productOf), unitsBy(sold, productOf)]
  return product.products.map(({ id, supplied, stock }) => ({
    name: `product ${id}`,
    given: supplied,
    left: stock,
    taken: takenBy.get(id) ?? 0,
    sold: soldBy.get(id) ?? 0,
  }))
}

const problemsOf = ({ name, given, left, taken, sold }: Pool): string[] => [
  ...(left < 0 ? [`${name}: ${left} are left`] : []),
  ...(taken > given ? [`${name}: ${taken} of ${given} are held or confirmed`] : []),
  ...(sold > given ? [`${name}: ${sold} of ${given} are sold`] : []),
]
