import type { Sale } from './plan.ts'
import type { Kind } from './purchase.ts'

/** The default workload: scarce units, buyers with several orders, cancellations and replays. */

export const buyersCount = 24

/** Half of the orders contain only the deal, which is the contended row. */
const baskets: readonly (readonly Kind[])[] = [['deal'], ['deal'], ['product'], ['deal', 'product']]

/** About three in four requests order the deal; a third of their units is in stock. */
const unitsOfDeal = (requests: number): number => Math.ceil(requests * 0.375)

/** More units than any round orders. */
export const ampleStock = 100_000

export const defaultSale: Sale = {
  width: 50,
  units: (requests) => ({ deal: unitsOfDeal(requests), product: ampleStock }),
  // Less than a buyer orders, but enough to sell out the deal.
  limit: (requests) => Math.ceil((unitsOfDeal(requests) * 1.5) / buyersCount),
  purchase: (random, { name, index }) => ({
    key: `${name}-${index}`,
    buyer: random.integer(0, buyersCount - 1),
    kinds: baskets[random.integer(0, baskets.length - 1)] ?? [],
    quantity: random.integer(1, 2),
    ...(random.integer(1, 5) === 1 && { cancelsAfterMs: 0 }),
    resends: random.integer(1, 10) === 1,
  }),
}
