import { Batches, Deadline } from '@flash-deal/service'
import { dealLineOf } from '../../domain/deal-line.ts'
import { orMissingProduct } from '../../domain/missing-product.ts'
import { repeatedAnswer } from '../../domain/repeated-answer.ts'
import type { DealRequest } from './batch.ts'
import { takeIfThere } from './conditional.ts'
import type { BatchDecision } from './optimized/decide-in-order.ts'
import { takeInOrder } from './optimized/take-in-order.ts'
import type { ReservationResult, StockRequest, StockTaker, StockTakerOptions } from './seam.ts'
import { takeAtOnce } from './take-at-once.ts'

type TimedRequest = DealRequest & StockRequest

/** Orders in a batch at most: as many as two calls may carry. */
const sizeMax = 200

/**
 * A single writer for each deal: orders of one line wait in its queue, and the statement of
 * `conditional` takes for all that wait. Those that it does not grant are decided in the order of
 * arrival, before the next batch begins. All other orders are taken as in `conditional`.
 */
export const takeTogether = (options: StockTakerOptions): StockTaker => {
  const { app, ttlMs } = options
  const others = takeIfThere(options)
  const [countBatch, countOrder] = [app.witness('M1', 'batch'), app.witness('M1', 'batched')]

  const work = async (deal_id: string, requests: readonly TimedRequest[]) => {
    // What one of them has no time for any more, the others still do.
    const db = app.db.by(Deadline.latestOf(requests.map(({ deadline }) => deadline)))
    countBatch()
    for (const _ of requests) countOrder()
    const taken = await takeAtOnce(db, { deal_id, requests, ttlMs })
    const rest = requests.filter(({ order_id }) => !taken.has(order_id))
    // Where this fails, those that were taken are taken all the same.
    const [decided] = await Promise.allSettled(
      rest.length > 0 ? [takeInOrder(db, { deal_id, requests: rest, ttlMs })] : [],
    )
    return requests.map((request) => taken.get(request.order_id) ?? answer(request, decided))
  }

  const answer = async (
    request: TimedRequest,
    decided: PromiseSettledResult<ReadonlyMap<DealRequest, BatchDecision>> | undefined,
  ): Promise<ReservationResult> => {
    if (decided?.status === 'rejected') throw decided.reason
    const { order_id, deadline } = request
    const db = app.db.by(deadline)
    const decision = decided?.value.get(request) ?? 'known'
    if (decision === 'known') return repeatedAnswer(db, order_id)
    if (decision === 'again') return batches.add(request.deal_id, request, deadline)
    if ('refused' in decision) {
      return { order_id, outcome: 'refused', ...(await orMissingProduct(db, decision.refused)) }
    }
    const { granted: lines, expires_at } = decision
    return { order_id, outcome: 'granted', expires_at, lines }
  }

  const batches = new Batches({ ...options, sizeMax, work })
  app.addHook('onClose', () => batches.close())
  return async (request) => {
    const line = dealLineOf(request)
    if (!line) return others(request)
    return batches.add(line.deal_id, { ...request, ...line }, request.deadline)
  }
}
