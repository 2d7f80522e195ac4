import type { FastifyInstance } from 'fastify'
import { type OrderItem, orderFrom } from '../../domain/order.ts'
import { orderListWithItems } from '../../gen/queries.ts'
import type { OrdersOf } from './seam.ts'

/** One statement for the orders and their items. */
export const inOneStatement = (app: FastifyInstance): OrdersOf => {
  const count = app.witness('E4', 'joined')
  return async (db, page) => {
    count()
    const rows = await orderListWithItems(db, page)
    // The statement builds each item from the columns of its row.
    return rows.map(({ items, ...row }) => orderFrom(row, items as OrderItem[]))
  }
}
