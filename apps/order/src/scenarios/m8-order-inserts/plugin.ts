import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { storeEach } from './baseline.ts'
import { storeTogether } from './optimized.ts'
import type { OrderStore, OrderStoreOptions } from './seam.ts'

const variants = { baseline: storeEach, optimized: storeTogether } satisfies Record<
  VariantOf<'M8'>,
  (options: OrderStoreOptions) => OrderStore
>

export type OrderInsertsOptions = Omit<OrderStoreOptions, 'app'> & { variant: VariantOf<'M8'> }

/** M8: how orders are inserted. */
export const orderInserts = fp(
  async (app: FastifyInstance, { variant, ...limits }: OrderInsertsOptions) => {
    app.decorate('storeOrder', variants[variant]({ app, ...limits }))
  },
  { name: 'm8-order-inserts', dependencies: ['database', 'metrics'] },
)
