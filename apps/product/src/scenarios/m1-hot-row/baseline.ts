import { dealUnits, productUnits } from '../../domain/reservation.ts'
import { dealLock, dealTake, productLock, productTake } from '../../gen/queries.ts'
import { refusedOr, reserveOne, type StockGuard } from './reserve-one.ts'
import type { StockTaker, StockTakerOptions } from './seam.ts'

/** `select … for update`: a transaction waits for the row until the previous one has committed. */
export const lockThenTake = ({ app, ttlMs }: StockTakerOptions): StockTaker => {
  const count = app.witness('M1', 'locked')
  return (request) => {
    const db = app.db.by(request.deadline)
    const reserve = () => db.transaction((tx) => reserveOne(tx, request, ttlMs, rowLocks))
    return refusedOr(db, request.order_id, reserve).finally(count)
  }
}

const rowLocks: StockGuard<void> = {
  before: async (tx, lines) => {
    const [deals, products] = [dealUnits(lines), productUnits(lines)]
    if (deals.ids.length > 0) await dealLock(tx, deals)
    if (products.ids.length > 0) await productLock(tx, products)
  },
  take: async (tx, lines) => {
    const [deals, products] = [dealUnits(lines), productUnits(lines)]
    if (deals.ids.length > 0) await dealTake(tx, deals)
    if (products.ids.length > 0) await productTake(tx, products)
  },
}
