import type { Settings, VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { baseline } from './baseline.ts'
import { etag } from './etag.ts'
import { optimized } from './optimized.ts'
import type { EdgeCache } from './seam.ts'

const variants = { baseline, optimized, etag } satisfies Record<VariantOf<'M9'>, EdgeCache>

type Options = { variant: VariantOf<'M9'>; settings: Settings<'gateway'> }

/** M9: the cache of public reads at the gateway. Register it before their routes. */
export const edgeCache = fp(
  async (app: FastifyInstance, { variant, settings }: Options) => {
    variants[variant]({ app, settings })
  },
  { name: 'm9-edge-cache', dependencies: ['metrics', 'e6-compression', 'route-pools', 'services'] },
)
