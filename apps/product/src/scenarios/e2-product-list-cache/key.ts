import type { ProductListQuery } from './plugin.ts'

/** The name of a page in a cache. */
export const keyOf = ({ page, size, category }: ProductListQuery): string =>
  `${page}:${size}:${category ?? ''}`
