import { decide } from '../../../domain/grant.ts'
import { reservationGet } from '../../../gen/queries.ts'
import { firstResultOf } from '../../../storage/first-result.ts'
import { productNotFoundOr } from '../../../storage/product-not-found-or.ts'
import { lockThenTake } from '../baseline.ts'
import type { StockTaker, StockTakerOptions } from '../seam.ts'
import { stockFor } from '../stock.ts'

/**
 * Answers an order of which nothing could be taken, from what is committed by now. Where that gives
 * no reason any more, the rows are locked: then it is decided for certain.
 */
export const decideAfterwards = (options: StockTakerOptions): StockTaker => {
  const certainly = lockThenTake(options)
  return async (request) => {
    const db = options.app.db.by(request.deadline)
    const { order_id, lines } = request
    const decision = decide(lines, await stockFor(db, request))
    // Read after the stock: an order that was granted the last unit must not be rejected as sold out.
    if (await reservationGet(db, { order_id })) return firstResultOf(db, order_id)
    if ('granted' in decision) return certainly(request)
    const refusal = await productNotFoundOr(db, decision.refused)
    return { order_id, outcome: 'refused', ...refusal }
  }
}
