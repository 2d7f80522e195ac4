import type { Sale } from './plan.ts'
import type { Kind } from './purchase.ts'

/** What most faults meet: few units, buyers who come back, cancel, and ask for the same again. */

export const buyersCount = 24

/** Half of them want the deal alone, which is where buyers meet. */
const baskets: readonly (readonly Kind[])[] = [['deal'], ['deal'], ['product'], ['deal', 'product']]

/** Of the units that about three in four requests want of the deal, a third is there. */
const unitsOfDeal = (requests: number): number => Math.ceil(requests * 0.375)

/** More than is ever asked for. */
export const plenty = 100_000

export const usualSale: Sale = {
  width: 50,
  units: (requests) => ({ deal: unitsOfDeal(requests), product: plenty }),
  // Less than a buyer wants of it, more than would leave stock over.
  limit: (requests) => Math.ceil((unitsOfDeal(requests) * 1.5) / buyersCount),
  purchase: (random, { name, index }) => ({
    key: `${name}-${index}`,
    buyer: random.integer(0, buyersCount - 1),
    wants: baskets[random.integer(0, baskets.length - 1)] ?? [],
    quantity: random.integer(1, 2),
    ...(random.integer(1, 5) === 1 && { cancelsAfterMs: 0 }),
    resends: random.integer(1, 10) === 1,
  }),
}
