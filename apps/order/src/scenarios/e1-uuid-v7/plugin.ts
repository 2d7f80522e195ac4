import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { randomIds } from './baseline.ts'
import { growingIds } from './optimized.ts'
import type { NewId } from './seam.ts'

const variants = {
  baseline: (app: FastifyInstance) => randomIds(app.witness('E1', 'version_4')),
  optimized: (app: FastifyInstance) => growingIds(app.witness('E1', 'version_7')),
} satisfies Record<VariantOf<'E1'>, (app: FastifyInstance) => NewId>

export const ids = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E1'> }) => {
    app.decorate('newId', variants[variant](app))
  },
  { name: 'e1-uuid-v7', dependencies: ['metrics'] },
)
