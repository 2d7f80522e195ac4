import { decide } from '../../domain/grant.ts'
import type { Refusal } from '../../domain/reservation.ts'
import { type DealLine, dealLineOf } from '../../domain/single-line.ts'
import type { Counts } from './redis/gate-store.ts'
import { StockGate } from './redis/stock-gate.ts'
import type { ReservationResult, StockRequest, StockTaker, StockTakerOptions } from './seam.ts'

type DealRequest = StockRequest & DealLine

/**
 * Runs before `next`: rejects an order of one line on a deal if Redis shows too few units, or that the
 * buyer has reached the limit. It grants nothing. Without Redis, all orders go to `next`.
 */
export const redisGate = ({ app }: StockTakerOptions, next: StockTaker): StockTaker => {
  const { db, redis, log } = app
  const gate = new StockGate({ db, redis, log, onRebuilt: app.witness('M1', 'gate_rebuilt') })
  const [refused, passed] = [app.witness('M1', 'gate_refused'), app.witness('M1', 'gate_passed')]
  const bypassed = app.witness('M1', 'gate_bypassed')
  app.onRelease(({ user_id, lines }) => gate.noteReleased(user_id, lines))
  app.onSweep((stopping) => gate.compare(stopping))
  app.addHook('preClose', async () => gate.stop())

  const throughGate = async (request: DealRequest): Promise<ReservationResult> => {
    const known = await gate.ask(request)
    if (known === 'away') {
      bypassed()
      return next(request)
    }
    const refusal = typeof known === 'object' ? refusalFrom(known, request) : undefined
    if (refusal) {
      refused()
      return { order_id: request.order_id, outcome: 'refused', ...refusal }
    }
    passed()
    const result = await next(request)
    if (known === 'unknown' && isOpen(result)) void gate.load(request.deal_id)
    if (typeof known === 'object') compareWith(known, request, result)
    return result
  }

  /** Runs in the background. */
  const compareWith = (
    { generation }: Counts,
    request: DealRequest,
    result: ReservationResult,
  ): void => {
    const { deal_id, quantity: units } = request
    if (result.outcome === 'granted') void gate.noteGranted({ ...request, generation, units })
    else if (result.reason === 'INSUFFICIENT_STOCK') gate.doubt(deal_id)
  }

  return (request) => {
    const line = dealLineOf(request)
    return line ? throughGate({ ...request, ...line }) : next(request)
  }
}

/** The rules of all variants, applied to the data in Redis. */
const refusalFrom = (
  { product_id, remaining, limit, bought }: Counts,
  { deal_id, lines }: DealRequest,
): Refusal | undefined => {
  const deal = {
    id: deal_id,
    product_id,
    remaining_stock: remaining,
    per_user_limit: limit,
    bought,
    // The data of a deal expires with its window.
    is_active: true,
    deal_price: 0,
    product_name: '',
  }
  const decision = decide(lines, { deals: [deal], products: [] })
  const refusal = 'refused' in decision ? decision.refused : undefined
  // Only the database knows whether the product exists.
  return refusal?.reason === 'DEAL_NOT_FOUND' ? undefined : refusal
}

const isOpen = (result: ReservationResult): boolean =>
  result.outcome === 'granted' ||
  ['INSUFFICIENT_STOCK', 'PURCHASE_LIMIT_EXCEEDED'].includes(result.reason)
