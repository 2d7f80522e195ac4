import { Batches, Deadline } from '@flash-deal/service'
import { orMissingProduct } from '../../../storage/missing-product.ts'
import { repeatedAnswer } from '../../../storage/repeated-answer.ts'
import type { DealRequest } from '../batch.ts'
import type { ReservationResult, StockRequest } from '../seam.ts'
import { takeAtOnce } from '../take-at-once.ts'
import type { BatchDecision } from './decide-in-order.ts'
import { type BatchOptions, sizeMax } from './options.ts'
import { takeInOrder } from './take-in-order.ts'

type TimedRequest = DealRequest & StockRequest

/** Takes for one order; orders that arrive meanwhile are the next batch. */
type TakeForDeal = (request: TimedRequest) => Promise<ReservationResult>

/**
 * A single writer for each deal: orders of one line wait in its queue, and the statement of
 * `conditional` takes for all that wait. Those that it does not grant are decided in the order of
 * arrival, before the next batch begins.
 */
export const dealBatches = (options: BatchOptions): TakeForDeal => {
  const { app, ttlMs, onBatch } = options

  const work = async (deal_id: string, requests: readonly TimedRequest[]) => {
    // One expired request does not end the work of the others.
    const db = app.db.by(Deadline.latestOf(requests.map(({ deadline }) => deadline)))
    onBatch(requests.length)
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
  return (request) => batches.add(request.deal_id, request, request.deadline)
}
