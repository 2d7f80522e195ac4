import { formatCursor } from '../../domain/product-cursor.ts'
import type { ProductListQuery } from './seam.ts'

/** The cache key of a page in one coding. */
export const keyOf = ({ page, size, category, coding, after }: ProductListQuery): string =>
  `${coding}:${after ? formatCursor(after, category) : page}:${size}:${category ?? ''}`
