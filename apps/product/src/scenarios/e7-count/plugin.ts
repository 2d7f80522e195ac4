import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { counted } from './baseline.ts'
import { estimated } from './estimate.ts'
import { remembered } from './optimized.ts'
import type { ProductTotal } from './seam.ts'

const variants = {
  baseline: counted,
  optimized: remembered,
  estimate: estimated,
} satisfies Record<VariantOf<'E7'>, (app: FastifyInstance) => ProductTotal>

export const count = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E7'> }) => {
    app.decorate('productTotal', variants[variant](app))
  },
  { name: 'e7-count', dependencies: ['database', 'metrics'] },
)
