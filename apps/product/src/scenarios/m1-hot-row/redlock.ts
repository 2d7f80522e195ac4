import type { Queryable } from '@flash-deal/db'
import { ApiError } from '@flash-deal/errors'
import { decide } from '../../domain/grant.ts'
import {
  dealUnits,
  type GrantedLine,
  productUnits,
  type ReservationRequest,
} from '../../domain/reservation.ts'
import { buyerAdd, reservationCreate } from '../../gen/queries.ts'
import { firstResultOf } from '../../storage/first-result.ts'
import { productNotFoundOr } from '../../storage/product-not-found-or.ts'
import { Refused } from './baseline.ts'
import { FencedOff, type FenceTokens, fenceTokensFor, takeFenced } from './redlock/fence.ts'
import { Redlock } from './redlock/lock.ts'
import type { ReservationResult, StockRequest, StockTaker, StockTakerOptions } from './seam.ts'
import { stockFor, storeLines } from './stock.ts'

/** Several times the duration of a reservation. A holder that takes longer is fenced off. */
const lockMs = 1_000

/** The maximum number of attempts of an order that is fenced off. */
const attemptsMax = 5

/**
 * A lock in Redis instead of one in PostgreSQL. The rows are read without a row lock, and units are
 * taken only if the fencing tokens are unchanged, because a lock that can expire does not guarantee
 * exclusion.
 */
export const takeUnderRedlock = (options: StockTakerOptions): StockTaker => {
  const { app, ttlMs, timeoutMs, queueMax } = options
  const count = app.witness('M1', 'redlocked')
  const fencedOff = app.witness('M1', 'fenced_off')
  const redlock = new Redlock({
    servers: app.lockServers,
    lockMs,
    waitMs: timeoutMs,
    waitersMax: queueMax,
    onWait: app.witness('M1', 'lock_waits'),
  })
  const attempt = (request: StockRequest): Promise<ReservationResult> => {
    const take = () => app.db.by(request.deadline).transaction((tx) => reserve(tx, request, ttlMs))
    return redlock.hold(namesOf(request), take, request.deadline.leftMs / 2)
  }

  const untilNotFencedOff = async (request: StockRequest): Promise<ReservationResult> => {
    for (let attempts = 1; attempts <= attemptsMax; attempts += 1) {
      try {
        return await attempt(request)
      } catch (error) {
        if (!(error instanceof FencedOff)) throw error
        fencedOff()
      }
    }
    throw new ApiError('SERVICE_UNAVAILABLE', { cause: new FencedOff() })
  }

  return async (request) => {
    try {
      return await untilNotFencedOff(request)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const refusal = await productNotFoundOr(app.db.by(request.deadline), error.refusal)
      return { order_id: request.order_id, outcome: 'refused', ...refusal }
    } finally {
      count()
    }
  }
}

/** All locks of an order in one step, so that no order waits for one while it holds another. */
const namesOf = ({ lines }: ReservationRequest): string[] => [
  ...dealUnits(lines).ids.map((id) => `lock:deal:${id}`),
  ...productUnits(lines).ids.map((id) => `lock:product:${id}`),
]

const reserve = async (
  tx: Queryable,
  request: ReservationRequest,
  ttlMs: number,
): Promise<ReservationResult> => {
  const { order_id, user_id, lines } = request
  const created = await reservationCreate(tx, { order_id, user_id, ttl_ms: ttlMs })
  if (!created) return firstResultOf(tx, order_id)
  // The tokens are read before the stock, so that a change between the two is detected.
  const tokens = await fenceTokensFor(tx, request)
  const decision = decide(lines, await stockFor(tx, request))
  if ('refused' in decision) throw new Refused(decision.refused)
  await take(tx, request, tokens, decision.granted)
  return { order_id, outcome: 'granted', expires_at: created.expires_at, lines: decision.granted }
}

const take = async (
  tx: Queryable,
  { order_id, user_id, lines }: ReservationRequest,
  tokens: FenceTokens,
  granted: readonly GrantedLine[],
): Promise<void> => {
  const deals = dealUnits(lines)
  await takeFenced(tx, lines, tokens)
  if (deals.ids.length > 0) {
    await buyerAdd(tx, { deal_ids: deals.ids, user_id, units: deals.units })
  }
  await storeLines(tx, [{ order_id, lines: granted }])
}
