import type { Queryable } from '@flash-deal/db'
import { Batches, Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import type { ReservationRequest } from '../../../domain/reservation.ts'
import { firstResultOf } from '../../../storage/first-result.ts'
import { productNotFoundOr } from '../../../storage/product-not-found-or.ts'
import type { ReservationResult, StockRequest, StockTakerOptions } from '../seam.ts'
import type { BatchDecision, BatchDecisions } from './decide-in-order.ts'
import { takeInOrder } from './take-in-order.ts'

/** The maximum number of orders in a batch: those of two calls. */
const sizeMax = 200

export type BatchOptions = StockTakerOptions & {
  /** Called with the number of orders of each batch, before it begins. */
  onBatch: (size: number) => void
}

/** Takes units for one order, in its queue; orders that arrive meanwhile form the next batch. */
type InBatches<Request> = (queue: string, request: Request) => Promise<ReservationResult>

/**
 * A single writer for each queue. Orders that `takeBatch` does not grant are decided in the order of
 * arrival, before the next batch begins.
 *
 * @param takeBatch grants a batch, or a part of it, by one statement; returns what it granted, by
 * order id
 */
export const inBatches = <Request extends StockRequest>(
  { app, ttlMs, onBatch, ...limits }: BatchOptions,
  takeBatch: (
    db: Queryable,
    queue: string,
    requests: readonly Request[],
  ) => Promise<ReadonlyMap<string, ReservationResult>>,
): InBatches<Request> => {
  const work = async (queue: string, requests: readonly Request[]) => {
    // An expired request does not cancel the work of the others.
    const db = app.db.by(Deadline.latestOf(requests.map(({ deadline }) => deadline)))
    onBatch(requests.length)
    const taken = await takeBatch(db, queue, requests)
    const rest = requests.filter(({ order_id }) => !taken.has(order_id))
    // If this fails, the granted orders stay granted.
    const [decided] = await Promise.allSettled(
      rest.length > 0 ? [takeInOrder(db, { requests: rest, ttlMs })] : [],
    )
    return requests.map(
      (request) => taken.get(request.order_id) ?? resultOf(queue, request, decided),
    )
  }

  const resultOf = async (
    queue: string,
    request: Request,
    decided: PromiseSettledResult<BatchDecisions> | undefined,
  ): Promise<ReservationResult> => {
    if (decided?.status === 'rejected') throw decided.reason
    const decision = decided?.value.get(request) ?? 'known'
    if (decision === 'again') return batches.add(queue, request, request.deadline)
    return answerOf(app, request, decision)
  }

  const batches = new Batches({ ...limits, name: 'M1 batch', sizeMax, work })
  app.addHook('onClose', () => batches.close())
  return (queue, request) => batches.add(queue, request, request.deadline)
}

const answerOf = async (
  { db }: FastifyInstance,
  { order_id, deadline }: ReservationRequest & Pick<StockRequest, 'deadline'>,
  decision: Exclude<BatchDecision, 'again'>,
): Promise<ReservationResult> => {
  if (decision === 'known') return firstResultOf(db.by(deadline), order_id)
  if ('refused' in decision) {
    const refusal = await productNotFoundOr(db.by(deadline), decision.refused)
    return { order_id, outcome: 'refused', ...refusal }
  }
  return { order_id, outcome: 'granted', expires_at: decision.expires_at, lines: decision.granted }
}
