import { dealLineOf, productLineOf } from '../../domain/single-line.ts'
import type { DealRequest } from './batch.ts'
import { type BatchOptions, inBatches } from './optimized/in-batches.ts'
import type { StockRequest, StockTaker, StockTakerOptions } from './seam.ts'
import { takeBatch } from './take-batch.ts'
import { type ProductRequest, takeProductBatch } from './take-product-batch.ts'

/** The queue of all orders of several lines. */
const severalLines = 'several lines'

/**
 * Orders of one line wait in the queue of their deal or product, orders of several lines in one queue
 * of their own. All that wait in a queue are taken together.
 */
export const takeTogether = (options: StockTakerOptions): StockTaker => {
  const { ttlMs } = options
  const batching: BatchOptions = { ...options, onBatch: counterOf(options) }
  const takeForDeal = inBatches<StockRequest & DealRequest>(batching, (db, deal_id, requests) =>
    takeBatch(db, { deal_id, requests, ttlMs }),
  )
  const takeForProduct = inBatches<StockRequest & ProductRequest>(
    batching,
    (db, product_id, requests) => takeProductBatch(db, { product_id, requests, ttlMs }),
  )
  const takeSeveral = inBatches<StockRequest>(batching, async () => new Map())
  return (request) => {
    const dealLine = dealLineOf(request)
    if (dealLine) return takeForDeal(dealLine.deal_id, { ...request, ...dealLine })
    const productLine = productLineOf(request)
    if (productLine) return takeForProduct(productLine.product_id, { ...request, ...productLine })
    return takeSeveral(severalLines, request)
  }
}

const counterOf = ({ app }: StockTakerOptions) => {
  const [countBatch, countOrder] = [app.witness('M1', 'batch'), app.witness('M1', 'batched')]
  const observe = app.batchSizes('reservations')
  return (size: number): void => {
    observe(size)
    countBatch()
    countOrder(size)
  }
}
