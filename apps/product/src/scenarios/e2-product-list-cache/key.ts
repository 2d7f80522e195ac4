import { formatCursor } from '../../domain/product-cursor.ts'
import type { ProductListQuery } from './seam.ts'

/** The name of a page in a cache, in each of its codings. */
export const keyOf = ({ page, size, category, coding, after }: ProductListQuery): string =>
  `${coding}:${after ? formatCursor(after, category) : page}:${size}:${category ?? ''}`
