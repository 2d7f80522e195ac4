import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { baseline } from './baseline.ts'
import { optimized } from './optimized.ts'
import type { CachedCodings } from './seam.ts'

/** In the other variants the gateway compresses each response, and product none. */
const variants = {
  baseline,
  optimized,
  gzip: baseline,
  brotli: baseline,
  zstd: baseline,
} satisfies Record<VariantOf<'E6'>, (app: FastifyInstance) => CachedCodings>

export const compression = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E6'> }) => {
    app.decorate('cachedCodings', variants[variant](app))
  },
  { name: 'e6-compression', dependencies: ['metrics'] },
)
