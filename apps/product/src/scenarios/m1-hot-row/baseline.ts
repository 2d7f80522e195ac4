import type { Database, Queryable } from '@flash-deal/db'
import { decide, type Stock } from '../../domain/grant.ts'
import { orMissingProduct } from '../../domain/missing-product.ts'
import { repeatedAnswer } from '../../domain/repeated-answer.ts'
import {
  dealUnits,
  type GrantedLine,
  productUnits,
  type Refusal,
  type ReservationRequest,
} from '../../domain/reservation.ts'
import {
  buyerAdd,
  dealListForReservation,
  dealLock,
  dealTake,
  productListForReservation,
  productLock,
  productTake,
  reservationCreate,
  reservationLineCreate,
} from '../../gen/queries.ts'
import type { ReservationResult, StockTaker } from './plugin.ts'

type Options = { db: Database; ttlMs: number; count: () => void }

/** Thrown to roll back what a refused reservation wrote. */
class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.reason)
    this.refusal = refusal
  }
}

/** `select … for update`: whoever wants a row waits until the one before has committed. */
export const lockThenTake =
  ({ db, ttlMs, count }: Options): StockTaker =>
  async (request) => {
    try {
      return await db.transaction((tx) => reserve(tx, request, ttlMs))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const refusal = await orMissingProduct(db, error.refusal)
      return { order_id: request.order_id, outcome: 'refused', ...refusal }
    } finally {
      count()
    }
  }

const reserve = async (
  tx: Queryable,
  request: ReservationRequest,
  ttlMs: number,
): Promise<ReservationResult> => {
  const { order_id, user_id, lines } = request
  const created = await reservationCreate(tx, { order_id, user_id, ttl_ms: ttlMs })
  if (!created) return repeatedAnswer(tx, order_id)
  const decision = decide(lines, await locked(tx, request))
  if ('refused' in decision) throw new Refused(decision.refused)
  await take(tx, request, decision.granted)
  return { order_id, outcome: 'granted', expires_at: created.expires_at, lines: decision.granted }
}

const locked = async (tx: Queryable, { user_id, lines }: ReservationRequest): Promise<Stock> => {
  const deals = { ids: dealUnits(lines).ids }
  const products = { ids: productUnits(lines).ids }
  if (deals.ids.length > 0) await dealLock(tx, deals)
  if (products.ids.length > 0) await productLock(tx, products)
  return {
    deals: deals.ids.length > 0 ? await dealListForReservation(tx, { ...deals, user_id }) : [],
    products: products.ids.length > 0 ? await productListForReservation(tx, products) : [],
  }
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
  await reservationLineCreate(tx, {
    order_id,
    line_nos: granted.map((_, index) => index + 1),
    product_ids: granted.map((line) => line.product_id),
    deal_ids: granted.map((line) => line.deal_id ?? ''),
    quantities: granted.map((line) => line.quantity),
    product_names: granted.map((line) => line.product_name),
    unit_prices: granted.map((line) => line.unit_price),
  })
}
