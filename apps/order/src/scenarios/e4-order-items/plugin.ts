import type { VariantOf } from '@flash-deal/config'
import type { Queryable } from '@flash-deal/db'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Order } from '../../domain/order.ts'
import type { orderList } from '../../gen/queries.ts'
import { oneByOne } from './baseline.ts'
import { allTogether } from './batch.ts'
import { inOneStatement } from './optimized.ts'

/** Which orders a page asks for. */
export type PageOfOrders = Parameters<typeof orderList>[1]

/** E4: reads a page of orders with their items. */
export type OrdersOf = (db: Queryable, page: PageOfOrders) => Promise<Order[]>

declare module 'fastify' {
  interface FastifyInstance {
    ordersOf: OrdersOf
  }
}

const variants = {
  baseline: oneByOne,
  optimized: inOneStatement,
  batch: allTogether,
} satisfies Record<VariantOf<'E4'>, (app: FastifyInstance) => OrdersOf>

export const orderItems = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E4'> }) => {
    app.decorate('ordersOf', variants[variant](app))
  },
  { name: 'e4-order-items', dependencies: ['database', 'metrics'] },
)
