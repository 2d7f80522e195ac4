import type { Queryable } from '@flash-deal/db'
import type { Refusal } from '../domain/reservation.ts'
import { productGet } from '../gen/queries.ts'

/** If the deal is not found, the product may not exist either; then the missing product is reported. */
export const productNotFoundOr = async (db: Queryable, refusal: Refusal): Promise<Refusal> => {
  const product_id = refusal.details?.product_id
  if (refusal.reason !== 'DEAL_NOT_FOUND' || typeof product_id !== 'string') return refusal
  const product = await productGet(db, { id: product_id })
  if (product) return refusal
  return {
    reason: 'PRODUCT_NOT_FOUND',
    message: 'There is no such product.',
    details: { product_id },
  }
}
