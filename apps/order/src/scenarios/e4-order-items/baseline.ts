import type { FastifyInstance } from 'fastify'
import { orderFrom } from '../../domain/order.ts'
import { itemList, orderList } from '../../gen/queries.ts'
import type { OrdersOf } from './plugin.ts'

/** A statement for the orders, and one for the items of each. */
export const oneByOne = (app: FastifyInstance): OrdersOf => {
  const count = app.witness('E4', 'item_query')
  return async (page) => {
    const rows = await orderList(app.db, page)
    return Promise.all(
      rows.map(async (row) => {
        count()
        return orderFrom(row, await itemList(app.db, { order_id: row.id }))
      }),
    )
  }
}
