import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { askEachTime } from './baseline.ts'
import { refuseSoldOut } from './optimized.ts'
import type { SoldOutOptions, WithSoldOut } from './seam.ts'

const variants = { baseline: askEachTime, optimized: refuseSoldOut } satisfies Record<
  VariantOf<'M7'>,
  (options: SoldOutOptions) => WithSoldOut
>

/** M7 in order: whether orders of a deal that product just rejected as sold out are sent to it. */
export const soldOut = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'M7'> }) => {
    app.decorate('withSoldOut', variants[variant]({ app }))
  },
  { name: 'm7-sold-out', dependencies: ['metrics'] },
)
