import type { Database } from '@flash-deal/db'
import { productCount, productList } from '../../gen/queries.ts'
import type { ProductList } from './plugin.ts'

/** Each page is read from PostgreSQL. */
export const fromDatabase = ({ db, count }: { db: Database; count: () => void }): ProductList => ({
  async page({ page, size, category }, serialize) {
    count()
    const [items, counted] = await Promise.all([
      productList(db, { category, size, skip: (page - 1) * size }),
      productCount(db, { category }),
    ])
    return serialize({ items, total: counted?.total ?? 0, page, size })
  },

  async invalidate() {},
})
