import type { FastifyInstance } from 'fastify'
import { orderFrom } from '../../domain/order.ts'
import { itemListEach, orderList } from '../../gen/queries.ts'
import type { OrdersOf } from './seam.ts'

/** One statement for the orders, and one for the items of all of them. */
export const allTogether = (app: FastifyInstance): OrdersOf => {
  const count = app.witness('E4', 'batch_query')
  return async (db, page) => {
    const rows = await orderList(db, page)
    if (rows.length === 0) return []
    count()
    const items = await itemListEach(db, { order_ids: rows.map(({ id }) => id) })
    const itemsOf = Map.groupBy(items, ({ order_id }) => order_id)
    return rows.map((row) => orderFrom(row, itemsOf.get(row.id) ?? []))
  }
}
