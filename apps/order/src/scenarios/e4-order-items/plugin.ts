import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { oneByOne } from './baseline.ts'
import { allTogether } from './batch.ts'
import { inOneStatement } from './joined.ts'
import { asJson } from './optimized.ts'
import type { ReadOrderPage } from './seam.ts'
import { withTotal } from './with-total.ts'

const variants = {
  baseline: (app) => withTotal(oneByOne(app)),
  optimized: asJson,
  joined: (app) => withTotal(inOneStatement(app)),
  batch: (app) => withTotal(allTogether(app)),
} satisfies Record<VariantOf<'E4'>, (app: FastifyInstance) => ReadOrderPage>

export const orderItems = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E4'> }) => {
    app.decorate('readOrderPage', variants[variant](app))
  },
  { name: 'e4-order-items', dependencies: ['database', 'metrics'] },
)
