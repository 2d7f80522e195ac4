import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { confirmFirst } from './baseline.ts'
import { reserveFirst } from './optimized.ts'
import { queueFirst } from './queue-first.ts'
import type { TakeOrder, TakeOrderOptions } from './seam.ts'

const variants = {
  baseline: confirmFirst,
  optimized: reserveFirst,
  'queue-first': queueFirst,
} satisfies Record<VariantOf<'H2'>, (options: TakeOrderOptions) => TakeOrder>

export type AsyncOrderOptions = Omit<TakeOrderOptions, 'app'> & { variant: VariantOf<'H2'> }

/** H2: how far an order is processed before createOrder responds. */
export const asyncOrder = fp(
  async (app: FastifyInstance, { variant, ...limits }: AsyncOrderOptions) => {
    app.decorate('takeOrder', variants[variant]({ app, ...limits }))
  },
  {
    name: 'h2-async-order',
    dependencies: [
      'database',
      'product-client',
      'm8-order-inserts',
      'order-outcomes',
      'pending-orders',
    ],
  },
)
