import { orderCount } from '../../gen/queries.ts'
import type { OrdersOf, ReadOrderPage } from './seam.ts'

/** A page whose orders and total are read by separate statements at the same time. */
export const withTotal =
  (ordersOf: OrdersOf): ReadOrderPage =>
  async (db, { page, ...range }) => {
    const [items, counted] = await Promise.all([ordersOf(db, range), orderCount(db, range)])
    return { items, total: counted?.total ?? 0, page, size: range.size }
  }
