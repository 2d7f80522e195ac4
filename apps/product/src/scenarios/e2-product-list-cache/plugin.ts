import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { fromDatabase } from './baseline.ts'
import { inMemory } from './memory.ts'
import { inRedis } from './optimized.ts'
import type { ProductList, ProductListOptions } from './seam.ts'
import { withSingles } from './single.ts'

const variants = {
  baseline: ({ origin }: ProductListOptions) => origin,
  optimized: inRedis,
  memory: inMemory,
  single: withSingles,
} satisfies Record<VariantOf<'E2'>, (options: ProductListOptions) => ProductList>

export const productListCache = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E2'> }) => {
    const { db, productTotal: totals } = app
    const origin = fromDatabase({ db, totals, count: app.witness('E2', 'database') })
    app.decorate('productList', variants[variant]({ app, origin }))
  },
  {
    name: 'e2-product-list-cache',
    dependencies: ['database', 'metrics', 'e6-compression', 'e7-count'],
  },
)
