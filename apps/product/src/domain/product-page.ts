import type { ProductListRow } from '../gen/queries.ts'
import { type Cursor, formatCursor } from './product-cursor.ts'

/** A page of the product list, before it is serialized. */
export type ProductPage = {
  items: ProductListRow[]
  total: number
  page: number
  size: number
  /** Absent if the page is not full: there is no next page. */
  next_cursor?: string
}

/** The requested page: by its number, or after a cursor. */
export type PageOf = { page: number; size: number; category: string | null; after?: Cursor }

/** The number of rows before the page. */
export const skippedBy = ({ page, size, after }: PageOf): number =>
  after?.offset ?? (page - 1) * size

/**
 * With a cursor, the page number is derived from the rows before it, even if the page size changes.
 * @param counted the total; it may have been counted before a row of the page was inserted
 */
export const productPage = (
  requested: PageOf,
  items: ProductListRow[],
  counted: number,
): ProductPage => {
  const { size, category } = requested
  const skipped = skippedBy(requested)
  const last = items.at(-1)
  const isFull = items.length === size
  const known = items.length > 0 && !requested.after ? skipped + items.length : 0
  const total = Math.max(counted, known)
  const page = requested.after ? 1 + Math.ceil(skipped / size) : requested.page
  return {
    ...{ items, total, page, size },
    ...(isFull &&
      last && { next_cursor: formatCursor({ ...last, offset: skipped + size }, category) }),
  }
}
