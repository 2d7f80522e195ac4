import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { rowOrThrow } from '../domain/row-or-throw.ts'
import { productGet } from '../gen/queries.ts'

export const getStock: Handler<ProductOperations['getStock']> = async ({ db, params }) => {
  const { id, stock, updated_at } = rowOrThrow(await productGet(db, { id: params.product_id }))
  return { product_id: id, stock, updated_at }
}
