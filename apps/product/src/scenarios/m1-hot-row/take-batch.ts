import type { Queryable } from '@flash-deal/db'
import { reservationTake } from '../../gen/queries.ts'
import { type Batch, byOrderId, type DealRequest, grantedBy, noneIfUndone } from './batch.ts'
import type { ReservationResult } from './seam.ts'

/**
 * Takes for all of a batch by one statement. The answers that it returns, by order id, are
 * committed. Of the others nothing is done, and it is not said why; of all of them, where there is
 * not enough for all.
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
  }).catch(noneIfUndone)
  return grantedBy(rows, requested)
}

/** What the buyer of each order asks for up to it. */
const unitsSoFar = (requests: readonly DealRequest[]): number[] => {
  const units = new Map<string, number>()
  return requests.map(({ user_id, quantity }) => {
    const soFar = (units.get(user_id) ?? 0) + quantity
    units.set(user_id, soFar)
    return soFar
  })
}
