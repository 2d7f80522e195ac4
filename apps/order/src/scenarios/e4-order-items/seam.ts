import type { Queryable } from '@flash-deal/db'
import type { Order } from '../../domain/order.ts'
import type { orderList } from '../../gen/queries.ts'

/** The orders of a requested page. */
export type PageOfOrders = Parameters<typeof orderList>[1]

/** E4: reads a page of orders with their items. */
export type OrdersOf = (db: Queryable, page: PageOfOrders) => Promise<Order[]>

declare module 'fastify' {
  interface FastifyInstance {
    ordersOf: OrdersOf
  }
}
