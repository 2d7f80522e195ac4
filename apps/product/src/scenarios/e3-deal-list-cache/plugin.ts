import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { fromDatabase } from './baseline.ts'
import { inMemory } from './memory.ts'
import { inRedis } from './optimized.ts'
import type { DealList } from './seam.ts'

const variants = {
  baseline: fromDatabase,
  optimized: inRedis,
  memory: inMemory,
} satisfies Record<VariantOf<'E3'>, (app: FastifyInstance) => DealList>

export const dealListCache = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E3'> }) => {
    app.decorate('dealList', variants[variant](app))
  },
  { name: 'e3-deal-list-cache', dependencies: ['database', 'metrics'] },
)
