import type { Queryable } from '@flash-deal/db'
import { reservationTake } from '../../gen/queries.ts'
import { type Batch, byOrderId, type DealRequest, grantedBy, noneIfRolledBack } from './batch.ts'
import type { ReservationResult } from './seam.ts'

/**
 * Takes units for a batch with one statement. The returned results, by order id, are committed. For
 * the other orders nothing is done, without a reason; that is all of them if there are not enough
 * units for all.
 */
export const takeBatch = async (
  db: Queryable,
  { deal_id, requests, ttlMs }: Batch,
): Promise<Map<string, ReservationResult>> => {
  const requested = byOrderId(requests)
  const each = [...requested.values()]
  const rows = await reservationTake(db, {
    deal_id,
    ttl_ms: ttlMs,
    order_ids: each.map(({ order_id }) => order_id),
    user_ids: each.map(({ user_id }) => user_id),
    product_ids: each.map(({ product_id }) => product_id),
    quantities: each.map(({ quantity }) => quantity),
    so_far: unitsSoFar(each),
  }).catch(noneIfRolledBack)
  return grantedBy(rows, requested)
}

/** For each order, the units that its buyer requests up to it in this batch. */
const unitsSoFar = (requests: readonly DealRequest[]): number[] => {
  const units = new Map<string, number>()
  return requests.map(({ user_id, quantity }) => {
    const soFar = (units.get(user_id) ?? 0) + quantity
    units.set(user_id, soFar)
    return soFar
  })
}
