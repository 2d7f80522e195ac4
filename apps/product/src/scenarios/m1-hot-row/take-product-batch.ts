import type { Queryable } from '@flash-deal/db'
import type { ReservationRequest } from '../../domain/reservation.ts'
import type { ProductLine } from '../../domain/single-line.ts'
import { reservationTakeProduct } from '../../gen/queries.ts'
import { byOrderId, grantedBy, noneIfRolledBack } from './batch.ts'
import type { ReservationResult } from './seam.ts'

/** An order of one line, for a product without a deal. */
export type ProductRequest = ReservationRequest & ProductLine

type ProductBatch = { product_id: string; requests: readonly ProductRequest[]; ttlMs: number }

/**
 * Takes the units of all orders of a batch by one statement. The results that it returns, by order
 * id, are committed. The other orders changed nothing; none is granted if there is not enough for
 * all.
 */
export const takeProductBatch = async (
  db: Queryable,
  { product_id, requests, ttlMs }: ProductBatch,
): Promise<Map<string, ReservationResult>> => {
  const requested = byOrderId(requests)
  const each = [...requested.values()]
  const rows = await reservationTakeProduct(db, {
    product_id,
    ttl_ms: ttlMs,
    order_ids: each.map(({ order_id }) => order_id),
    user_ids: each.map(({ user_id }) => user_id),
    quantities: each.map(({ quantity }) => quantity),
  }).catch(noneIfRolledBack)
  return grantedBy(rows, requested)
}
