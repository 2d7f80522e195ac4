import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Order } from '../../domain/order.ts'
import type { OrderListRow } from '../../gen/queries.ts'
import { oneByOne } from './baseline.ts'

/** E4: how the items of a page of orders are read. */
export type WithItems = (rows: readonly OrderListRow[]) => Promise<Order[]>

declare module 'fastify' {
  interface FastifyInstance {
    withItems: WithItems
  }
}

export const orderItems = fp(
  async (app: FastifyInstance, _options: { variant: VariantOf<'E4'> }) => {
    app.decorate('withItems', oneByOne({ db: app.db, count: app.witness('E4', 'item_query') }))
  },
  { name: 'e4-order-items', dependencies: ['database', 'metrics'] },
)
