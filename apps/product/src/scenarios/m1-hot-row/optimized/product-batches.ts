import { Batches, Deadline } from '@flash-deal/service'
import type { ReservationResult, StockRequest, StockTaker } from '../seam.ts'
import { type ProductRequest, takeProductAtOnce } from '../take-product-at-once.ts'
import { type BatchOptions, sizeMax } from './options.ts'

type TimedRequest = ProductRequest & StockRequest

/**
 * A single writer for each product: orders of one line wait in its queue, and one statement takes
 * for all that wait. Those that it does not grant are taken one by one. If not enough is left for
 * all, they compete for it, as they do without a batch.
 */
export const productBatches = (
  options: BatchOptions,
  oneByOne: StockTaker,
): ((request: TimedRequest) => Promise<ReservationResult>) => {
  const { app, ttlMs, onBatch } = options

  const work = async (product_id: string, requests: readonly TimedRequest[]) => {
    // One expired request does not end the work of the others.
    const db = app.db.by(Deadline.latestOf(requests.map(({ deadline }) => deadline)))
    onBatch(requests.length)
    const taken = await takeProductAtOnce(db, { product_id, requests, ttlMs })
    return requests.map((request) => taken.get(request.order_id) ?? oneByOne(request))
  }

  const batches = new Batches({ ...options, sizeMax, work })
  app.addHook('onClose', () => batches.close())
  return (request) => batches.add(request.product_id, request, request.deadline)
}
