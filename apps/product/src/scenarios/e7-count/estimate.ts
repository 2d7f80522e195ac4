import type { FastifyInstance } from 'fastify'
import { productCount, productEstimate } from '../../gen/queries.ts'
import type { PageOfProducts, ProductTotal } from './seam.ts'

/**
 * The planner's statistics instead of a count. The README describes their error. The total never
 * contradicts the rows of the page itself.
 */
export const estimated = (app: FastifyInstance): ProductTotal => {
  const estimate = app.witness('E7', 'estimated')
  const count = app.witness('E7', 'counted')

  const totalOf = async (category: string | null): Promise<number> => {
    const known = await productEstimate(app.db, { category })
    if (known) {
      estimate()
      return known.total
    }
    // The table has not been analyzed yet.
    count()
    const row = await productCount(app.db, { category })
    return row?.total ?? 0
  }

  return {
    async of(page, items) {
      const [{ length }, total] = await Promise.all([items, totalOf(page.category)])
      return inKeeping(total, page, length)
    },

    moved() {},
  }
}

/** A page that is not full is the last one; with its number, the total is exact. */
const inKeeping = (total: number, { size, skip }: PageOfProducts, length: number): number => {
  if (skip === undefined) return Math.max(total, length)
  if (length === size) return Math.max(total, skip + length)
  return length > 0 ? skip + length : Math.min(total, skip)
}
