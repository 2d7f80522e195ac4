import type { FastifyInstance } from 'fastify'
import { type Order, orderFrom } from '../../domain/order.ts'
import { itemList, orderList } from '../../gen/queries.ts'
import type { OrdersOf } from './seam.ts'

/**
 * One statement for the orders, and one for the items of each order. They run sequentially, because a
 * page that sends all at once fills the queue for connections.
 */
export const oneByOne = (app: FastifyInstance): OrdersOf => {
  const count = app.witness('E4', 'item_query')
  return async (db, page) => {
    const orders: Order[] = []
    for (const row of await orderList(db, page)) {
      count()
      orders.push(orderFrom(row, await itemList(db, { order_id: row.id })))
    }
    return orders
  }
}
