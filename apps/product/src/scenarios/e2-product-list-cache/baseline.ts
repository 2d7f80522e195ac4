import type { Database } from '@flash-deal/db'
import { productPage, skippedBy } from '../../domain/product-page.ts'
import { productGet } from '../../gen/queries.ts'
import { rowsOf } from '../../storage/product-rows.ts'
import type { ProductTotal } from '../e7-count/seam.ts'
import type { ProductList } from './seam.ts'

type Options = { db: Database; totals: ProductTotal; count: () => void }

/** Each page is read from PostgreSQL. */
export const fromDatabase = ({ db, totals, count }: Options): ProductList => ({
  async page(requested, serialize) {
    count()
    const reading = rowsOf(db, requested)
    const { category, size, after } = requested
    const skip = after ? undefined : skippedBy(requested)
    const counting = totals.of({ category, size, skip }, reading)
    const [items, total] = await Promise.all([reading, counting])
    return { bytes: serialize(productPage(requested, items, total)), coding: 'identity' }
  },

  product: (id) => productGet(db, { id }),

  async invalidate() {},
})
