import type { Database } from '@flash-deal/db'
import { productList } from '../../gen/queries.ts'
import type { ProductTotal } from '../e7-count/plugin.ts'
import type { ProductList } from './plugin.ts'

type Options = { db: Database; totals: ProductTotal; count: () => void }

/** Each page is read from PostgreSQL. */
export const fromDatabase = ({ db, totals, count }: Options): ProductList => ({
  async page({ page, size, category }, serialize) {
    count()
    const rows = { category, size, skip: (page - 1) * size }
    const reading = productList(db, rows)
    const [items, total] = await Promise.all([reading, totals.of(rows, reading)])
    return serialize({ items, total, page, size })
  },

  async invalidate() {},
})
