import { dealLineOf } from '../../domain/deal-line.ts'
import { decideAfterwards } from './conditional/decide-afterwards.ts'
import { takeEach } from './conditional/take-each.ts'
import type { StockTaker, StockTakerOptions } from './seam.ts'
import { takeAtOnce } from './take-at-once.ts'

/**
 * `update … where remaining_stock >= …`: the condition and the taking are one statement, and with
 * them the rest of the reservation. Why one was not granted is looked for only then.
 */
export const takeIfThere = (options: StockTakerOptions): StockTaker => {
  const { app, ttlMs } = options
  const otherwise = decideAfterwards(options)
  const count = app.witness('M1', 'conditional')

  const take: StockTaker = async (request) => {
    const db = app.db.by(request.deadline)
    const line = dealLineOf(request)
    if (!line) return (await takeEach(db, request, ttlMs)) ?? otherwise(request)
    const { deal_id } = line
    const taken = await takeAtOnce(db, { deal_id, requests: [{ ...request, ...line }], ttlMs })
    return taken.get(request.order_id) ?? otherwise(request)
  }

  return (request) => take(request).finally(count)
}
