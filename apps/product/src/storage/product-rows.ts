import type { Queryable } from '@flash-deal/db'
import { type PageOf, skippedBy } from '../domain/product-page.ts'
import { type ProductListRow, productList, productListAfter } from '../gen/queries.ts'

/** Reads the rows of a page. */
export const rowsOf = (db: Queryable, requested: PageOf): Promise<ProductListRow[]> => {
  const { category, size, after } = requested
  return after
    ? productListAfter(db, { category, size, created_us: after.created_us, id: after.id })
    : productList(db, { category, size, skip: skippedBy(requested) })
}
