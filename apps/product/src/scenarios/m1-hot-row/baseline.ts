import type { Queryable } from '@flash-deal/db'
import { decide } from '../../domain/grant.ts'
import {
  dealUnits,
  type GrantedLine,
  productUnits,
  type Refusal,
  type ReservationRequest,
} from '../../domain/reservation.ts'
import {
  buyerAdd,
  dealLock,
  dealTake,
  productLock,
  productTake,
  reservationCreate,
} from '../../gen/queries.ts'
import { firstResultOf } from '../../storage/first-result.ts'
import { productNotFoundOr } from '../../storage/product-not-found-or.ts'
import type { ReservationResult, StockTaker, StockTakerOptions } from './seam.ts'
import { stockFor, storeLines } from './stock.ts'

/** Thrown to roll back the writes of a rejected reservation. */
export class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.reason)
    this.refusal = refusal
  }
}

/** `select … for update`: a transaction waits for the row until the previous one has committed. */
export const lockThenTake = ({ app, ttlMs }: StockTakerOptions): StockTaker => {
  const count = app.witness('M1', 'locked')
  return async (request) => {
    const db = app.db.by(request.deadline)
    try {
      return await db.transaction((tx) => reserve(tx, request, ttlMs))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const refusal = await productNotFoundOr(db, error.refusal)
      return { order_id: request.order_id, outcome: 'refused', ...refusal }
    } finally {
      count()
    }
  }
}

const reserve = async (
  tx: Queryable,
  request: ReservationRequest,
  ttlMs: number,
): Promise<ReservationResult> => {
  const { order_id, user_id, lines } = request
  const created = await reservationCreate(tx, { order_id, user_id, ttl_ms: ttlMs })
  if (!created) return firstResultOf(tx, order_id)
  await lock(tx, request)
  const decision = decide(lines, await stockFor(tx, request))
  if ('refused' in decision) throw new Refused(decision.refused)
  await take(tx, request, decision.granted)
  return { order_id, outcome: 'granted', expires_at: created.expires_at, lines: decision.granted }
}

const lock = async (tx: Queryable, { lines }: ReservationRequest): Promise<void> => {
  const deals = dealUnits(lines)
  const products = productUnits(lines)
  if (deals.ids.length > 0) await dealLock(tx, deals)
  if (products.ids.length > 0) await productLock(tx, products)
}

const take = async (
  tx: Queryable,
  { order_id, user_id, lines }: ReservationRequest,
  granted: readonly GrantedLine[],
): Promise<void> => {
  const deals = dealUnits(lines)
  const products = productUnits(lines)
  if (deals.ids.length > 0) {
    await dealTake(tx, deals)
    await buyerAdd(tx, { deal_ids: deals.ids, user_id, units: deals.units })
  }
  if (products.ids.length > 0) await productTake(tx, products)
  await storeLines(tx, [{ order_id, lines: granted }])
}
