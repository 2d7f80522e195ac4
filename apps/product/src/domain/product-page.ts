import type { Queryable } from '@flash-deal/db'
import { type ProductListRow, productList, productListAfter } from '../gen/queries.ts'
import { type Cursor, formatCursor } from './product-cursor.ts'

/** A page of the product list, before it is serialized. */
export type ProductPage = {
  items: ProductListRow[]
  total: number
  page: number
  size: number
  /** Absent where the page is not full: nothing comes after it. */
  next_cursor?: string
}

/** Which page: by its number, or what comes after a place. */
export type PageOf = { page: number; size: number; category: string | null; after?: Cursor }

/** Rows before the page. */
export const skippedBy = ({ page, size, after }: PageOf): number =>
  after?.offset ?? (page - 1) * size

export const rowsOf = (db: Queryable, asked: PageOf): Promise<ProductListRow[]> => {
  const { category, size, after } = asked
  return after
    ? productListAfter(db, { category, size, created_us: after.created_us, id: after.id })
    : productList(db, { category, size, skip: skippedBy(asked) })
}

/**
 * A walk by cursor counts its pages on, whatever the sizes of those before.
 * @param counted the total, which may have been counted before a row of the page was there
 */
export const productPage = (
  asked: PageOf,
  items: ProductListRow[],
  counted: number,
): ProductPage => {
  const { size, category } = asked
  const skipped = skippedBy(asked)
  const last = items.at(-1)
  const isFull = items.length === size
  const known = items.length > 0 && !asked.after ? skipped + items.length : 0
  const total = Math.max(counted, known)
  const page = asked.after ? 1 + Math.ceil(skipped / size) : asked.page
  return {
    ...{ items, total, page, size },
    ...(isFull &&
      last && { next_cursor: formatCursor({ ...last, offset: skipped + size }, category) }),
  }
}
