import type { Queryable } from '@flash-deal/db'
import { decide } from '../../domain/grant.ts'
import {
  dealUnits,
  type Refusal,
  type RequestedLine,
  type ReservationRequest,
} from '../../domain/reservation.ts'
import { buyerAdd, reservationCreate } from '../../gen/queries.ts'
import { firstResultOf } from '../../storage/first-result.ts'
import { productNotFoundOr } from '../../storage/product-not-found-or.ts'
import type { ReservationResult } from './seam.ts'
import { stockFor, storeLines } from './stock.ts'

/** How a variant prevents two orders from taking the same unit. */
export type StockGuard<State> = {
  /** Called before the rows are read: locks them, or returns what `take` compares. */
  before: (tx: Queryable, lines: readonly RequestedLine[]) => Promise<State>
  /** Takes the units from the rows. */
  take: (tx: Queryable, lines: readonly RequestedLine[], state: State) => Promise<void>
}

/** Thrown to roll back the writes of a rejected reservation. */
class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.reason)
    this.refusal = refusal
  }
}

/**
 * Reserves the lines of one order, or returns the first result of its id.
 * @param tx a transaction, which has to be rolled back if this throws
 * @param ttlMs as in `StockTakerOptions`
 * @throws an error that `refusedOr` converts, if the order is rejected
 */
export const reserveOne = async <State>(
  tx: Queryable,
  { order_id, user_id, lines }: ReservationRequest,
  ttlMs: number,
  { before, take }: StockGuard<State>,
): Promise<ReservationResult> => {
  const created = await reservationCreate(tx, { order_id, user_id, ttl_ms: ttlMs })
  if (!created) return firstResultOf(tx, order_id)
  const state = await before(tx, lines)
  const decision = decide(lines, await stockFor(tx, { order_id, user_id, lines }))
  if ('refused' in decision) throw new Refused(decision.refused)
  await take(tx, lines, state)
  const { ids: deal_ids, units } = dealUnits(lines)
  if (deal_ids.length > 0) await buyerAdd(tx, { deal_ids, user_id, units })
  await storeLines(tx, [{ order_id, lines: decision.granted }])
  return { order_id, outcome: 'granted', expires_at: created.expires_at, lines: decision.granted }
}

/** The result of `work`, in which `reserveOne` may reject the order. */
export const refusedOr = async (
  db: Queryable,
  order_id: string,
  work: () => Promise<ReservationResult>,
): Promise<ReservationResult> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { order_id, outcome: 'refused', ...(await productNotFoundOr(db, error.refusal)) }
  }
}
