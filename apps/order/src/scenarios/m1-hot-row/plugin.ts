import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { storeEach } from './baseline.ts'
import { storeTogether } from './optimized.ts'
import type { OrderStore, OrderStoreOptions } from './seam.ts'

const variants = {
  baseline: storeEach,
  redlock: storeEach,
  conditional: storeEach,
  optimized: storeTogether,
  redis: storeTogether,
} satisfies Record<VariantOf<'M1'>, (options: OrderStoreOptions) => OrderStore>

export type HotRowOptions = Omit<OrderStoreOptions, 'app'> & { variant: VariantOf<'M1'> }

/** M1: how an order is stored. */
export const hotRow = fp(
  async (app: FastifyInstance, { variant, ...limits }: HotRowOptions) => {
    app.decorate('storeOrder', variants[variant]({ app, ...limits }))
  },
  { name: 'm1-hot-row', dependencies: ['database', 'metrics'] },
)
