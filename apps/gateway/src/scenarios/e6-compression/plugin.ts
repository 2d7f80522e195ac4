import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { baseline } from './baseline.ts'
import { brotli } from './brotli.ts'
import { gzip } from './gzip.ts'
import { optimized } from './optimized.ts'
import { zstd } from './zstd.ts'
import './seam.ts'

const variants = { baseline, optimized, gzip, brotli, zstd } satisfies Record<
  VariantOf<'E6'>,
  (app: FastifyInstance) => Promise<void>
>

/** E6: the coding of responses. Register it before the routes that it applies to. */
export const compression = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E6'> }) => {
    app.decorateRequest('coding', 'identity')
    await variants[variant](app)
  },
  { name: 'e6-compression', dependencies: ['metrics'] },
)
