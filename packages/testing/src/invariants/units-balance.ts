import { dealOf, type Facts, productOf, sumOf, unitsBy, unitsOf } from './facts.ts'
import { type Finding, finding } from './finding.ts'

/** I2: in every deal and product, no unit is lost or created. */
export const unitsBalance = (facts: Facts): Finding => {
  const { deals, products } = facts.product
  return finding({
    id: 'I2',
    title:
      'Allocated = remaining + held + confirmed + moved back; supplied = stock + held + confirmed',
    figures: {
      allocated: sumOf(deals, (deal) => deal.deal_stock),
      remaining: sumOf(deals, (deal) => deal.remaining_stock),
      'moved back': sumOf(deals, (deal) => deal.moved_back),
      supplied: sumOf(products, (product) => product.supplied),
      stock: sumOf(products, (product) => product.stock),
      held: unitsOf(facts.held),
      confirmed: unitsOf(facts.confirmed),
    },
    offenders: [...dealsOff(facts), ...productsOff(facts)],
  })
}

const dealsOff = ({ product, taken }: Facts): string[] => {
  const takenBy = unitsBy(taken, dealOf)
  return product.deals.flatMap(({ id, deal_stock, remaining_stock, moved_back }) => {
    const accounted = remaining_stock + moved_back + (takenBy.get(id) ?? 0)
    return accounted === deal_stock ? [] : [`deal ${id}: ${accounted} units of ${deal_stock}`]
  })
}

const productsOff = ({ product, taken }: Facts): string[] => {
  const takenBy = unitsBy(taken, productOf)
  return product.products.flatMap(({ id, supplied, stock }) => {
    const accounted = stock + (takenBy.get(id) ?? 0)
    return accounted === supplied ? [] : [`product ${id}: ${accounted} units of ${supplied}`]
  })
}
