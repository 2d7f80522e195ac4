import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { ProductPage } from '../../domain/product-page.ts'
import { fromDatabase } from './baseline.ts'
import { inMemory } from './memory.ts'
import { inRedis } from './optimized.ts'

export type ProductListQuery = { page: number; size: number; category: string | null }
export type Serialize = (page: ProductPage) => string

/** E2: where a page of the product list comes from. It arrives as the bytes that a client gets. */
export type ProductList = {
  page(query: ProductListQuery, serialize: Serialize): Promise<string | Buffer>
  /** To be called when an owner has changed what the list shows. */
  invalidate(): Promise<void>
}

export type ProductListOptions = {
  app: FastifyInstance
  /** The list without any cache, for those that have one. */
  origin: ProductList
}

declare module 'fastify' {
  interface FastifyInstance {
    productList: ProductList
  }
}

const variants = {
  baseline: ({ origin }: ProductListOptions) => origin,
  optimized: inRedis,
  memory: inMemory,
} satisfies Record<VariantOf<'E2'>, (options: ProductListOptions) => ProductList>

export const productListCache = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E2'> }) => {
    const { db, productTotal: totals } = app
    const origin = fromDatabase({ db, totals, count: app.witness('E2', 'database') })
    app.decorate('productList', variants[variant]({ app, origin }))
  },
  { name: 'e2-product-list-cache', dependencies: ['database', 'metrics', 'e7-count'] },
)
