import { ApiError } from '@flash-deal/errors'
import { dealUnits, productUnits, type ReservationRequest } from '../../domain/reservation.ts'
import { FencedOff, type FenceTokens, fenceTokensFor, takeFenced } from './redlock/fence.ts'
import { Redlock } from './redlock/lock.ts'
import { refusedOr, reserveOne, type StockGuard } from './reserve-one.ts'
import type { ReservationResult, StockRequest, StockTaker, StockTakerOptions } from './seam.ts'

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
    const db = app.db.by(request.deadline)
    const reserve = () => db.transaction((tx) => reserveOne(tx, request, ttlMs, fenceTokens))
    return redlock.hold(namesOf(request), reserve, request.deadline.leftMs / 2)
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

  return (request) => {
    const db = app.db.by(request.deadline)
    return refusedOr(db, request.order_id, () => untilNotFencedOff(request)).finally(count)
  }
}

/** The tokens are read before the stock, so that a change between the two is detected. */
const fenceTokens: StockGuard<FenceTokens> = { before: fenceTokensFor, take: takeFenced }

/** All locks of an order in one step, so that no order waits for one while it holds another. */
const namesOf = ({ lines }: ReservationRequest): string[] => [
  ...dealUnits(lines).ids.map((id) => `lock:deal:${id}`),
  ...productUnits(lines).ids.map((id) => `lock:product:${id}`),
]
