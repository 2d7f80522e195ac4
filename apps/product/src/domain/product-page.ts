import type { ProductListRow } from '../gen/queries.ts'

/** A page of the product list, before it is serialized. */
export type ProductPage = { items: ProductListRow[]; total: number; page: number; size: number }
