import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { oneByOne } from './baseline.ts'
import { allTogether } from './batch.ts'
import { inOneStatement } from './optimized.ts'
import type { OrdersOf } from './seam.ts'

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
