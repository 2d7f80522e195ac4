import { dealLineOf, productLineOf } from '../../domain/single-line.ts'
import { decideAfterwards } from './conditional/decide-afterwards.ts'
import { takeEach } from './conditional/take-each.ts'
import type { ReservationResult, StockRequest, StockTaker, StockTakerOptions } from './seam.ts'
import { takeBatch } from './take-batch.ts'
import { takeProductBatch } from './take-product-batch.ts'

/**
 * `update … where remaining_stock >= …`: one statement checks the condition, takes the units and
 * stores the reservation. The reason for a rejection is read only if the statement takes nothing.
 */
export const takeIfThere = (options: StockTakerOptions): StockTaker => {
  const { app, ttlMs } = options
  const otherwise = decideAfterwards(options)
  const count = app.witness('M1', 'conditional')

  const take = async (request: StockRequest): Promise<ReservationResult | undefined> => {
    const db = app.db.by(request.deadline)
    const dealLine = dealLineOf(request)
    if (dealLine) {
      const batch = { requests: [{ ...request, ...dealLine }], ttlMs }
      return (await takeBatch(db, { deal_id: dealLine.deal_id, ...batch })).get(request.order_id)
    }
    const productLine = productLineOf(request)
    if (!productLine) return takeEach(db, request, ttlMs)
    const { product_id } = productLine
    const batch = { product_id, requests: [{ ...request, ...productLine }], ttlMs }
    return (await takeProductBatch(db, batch)).get(request.order_id)
  }

  return async (request) => {
    try {
      return (await take(request)) ?? (await otherwise(request))
    } finally {
      count()
    }
  }
}
