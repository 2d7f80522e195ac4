import type { Refusal, RequestedLine } from '../../domain/reservation.ts'
import { dealLineOf } from '../../domain/single-line.ts'
import { dealGetSoldOut, dealListStillSoldOut } from '../../gen/queries.ts'
import type { StockTaker } from '../m1-hot-row/seam.ts'
import { SoldOutDeals } from './optimized/sold-out-deals.ts'
import type { SoldOutOptions } from './seam.ts'

/** A larger deal is not stored: its buyers would take more than about ten megabytes. */
const unitsMax = 100_000

/**
 * Rejects an order of one line on a sold-out deal without I/O, and passes every other order to `next`.
 * PostgreSQL would have given the same result within the last 100 ms.
 */
export const refuseSoldOut = ({ app, next }: SoldOutOptions): StockTaker => {
  const { db } = app
  const count = app.witness('M7', 'sold_out_known')
  const passed = app.witness('M7', 'passed')
  const deals = new SoldOutDeals({
    find: (id) => dealGetSoldOut(db, { id, units_max: unitsMax }),
    unchanged: async (deals) => {
      const [ids, versions] = [[...deals.keys()], [...deals.values()]]
      return (await dealListStillSoldOut(db, { ids, versions })).map(({ id }) => id)
    },
    onError: (error) =>
      app.causeLog.write(app.log, error, 'The sold-out deals could not be checked'),
  })
  app.onRelease(({ lines }) => forgetAll(deals, lines))
  return async (request) => {
    const line = dealLineOf(request)
    const refusal = line && deals.refusalOf(line, request.user_id)
    if (refusal) {
      count()
      return { order_id: request.order_id, outcome: 'refused', ...refusal }
    }
    passed()
    const result = await next(request)
    if (result.outcome === 'granted') forgetAll(deals, result.lines)
    else if (line) learnFrom(deals, line.deal_id, result)
    return result
  }
}

const forgetAll = (deals: SoldOutDeals, lines: readonly RequestedLine[]): void => {
  for (const { deal_id } of lines) if (deal_id !== null) deals.forget(deal_id)
}

const learnFrom = (
  deals: SoldOutDeals,
  dealId: string,
  { reason, message, details }: Refusal,
): void => {
  if (reason !== 'INSUFFICIENT_STOCK') return
  void deals.learn(dealId, { reason, message, ...(details && { details }) })
}
