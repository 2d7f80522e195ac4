import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { forwardAll } from './baseline.ts'
import { refuseRepeated } from './optimized.ts'
import type { SoldOut } from './seam.ts'

const variants = { baseline: forwardAll, optimized: refuseRepeated } satisfies Record<
  VariantOf<'M7'>,
  SoldOut
>

type Options = { variant: VariantOf<'M7'>; proxy: VariantOf<'H5'> }

/**
 * M7 in the gateway: whether an order is forwarded that order just rejected because a deal is sold out.
 * Only H5 `optimized` has the body of a request in memory. Register it before the routes of orders.
 */
export const soldOut = fp(
  async (app: FastifyInstance, { variant, proxy }: Options) => {
    variants[proxy === 'optimized' ? variant : 'baseline'](app)
  },
  { name: 'm7-sold-out', dependencies: ['metrics', 'error-handler'] },
)
