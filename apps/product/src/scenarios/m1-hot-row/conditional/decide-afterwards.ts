import { decide } from '../../../domain/grant.ts'
import { reservationGet } from '../../../gen/queries.ts'
import { firstResultOf } from '../../../storage/first-result.ts'
import { productNotFoundOr } from '../../../storage/product-not-found-or.ts'
import { lockThenTake } from '../baseline.ts'
import type { StockTaker, StockTakerOptions } from '../seam.ts'
import { stockFor } from '../stock.ts'

/**
 * Decides an order for which nothing was taken, from committed data. If there is no reason to reject it
 * any more, the rows are locked and it is decided as in the baseline.
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
