import type { OrderOperations } from '@flash-deal/contracts'
import type { Queryable } from '@flash-deal/db'
import type { Order } from '../../domain/order.ts'
import type { orderList } from '../../gen/queries.ts'

type OrderRange = Parameters<typeof orderList>[1]

/** A requested page. `page` counts from 1; a page of orders follows the `skip` orders before it. */
export type PageRequest = OrderRange & { page: number }

/** Reads the orders of a page with their items. */
export type OrdersOf = (db: Queryable, range: OrderRange) => Promise<Order[]>

type OrderPage = OrderOperations['listMyOrders']['responses'][200]['content']['application/json']

/** E4: reads a page of orders with their items and the total. A string is the JSON of the response. */
export type ReadOrderPage = (
  db: Queryable,
  request: PageRequest,
) => Promise<(Omit<OrderPage, 'items'> & { items: Order[] }) | string>

declare module 'fastify' {
  interface FastifyInstance {
    readOrderPage: ReadOrderPage
  }
}
