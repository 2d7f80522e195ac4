import type { VariantOf } from '@flash-deal/config'
import type { Coding } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { PageOf, ProductPage } from '../../domain/product-page.ts'
import type { ProductGetRow } from '../../gen/queries.ts'
import { fromDatabase } from './baseline.ts'
import { inMemory } from './memory.ts'
import { inRedis } from './optimized.ts'
import { withSingles } from './single.ts'

export type ProductListQuery = PageOf & {
  /** The one that a kept page is to have (E6). */
  coding: Coding
}

export type Serialize = (page: ProductPage) => string

/** A page as the bytes that a client gets, in the coding that was asked for or as they are. */
export type CodedPage = { bytes: string | Buffer; coding: Coding }

/** E2: where a page of the product list comes from, or a single product. */
export type ProductList = {
  page(query: ProductListQuery, serialize: Serialize): Promise<CodedPage>
  /** Undefined where there is none. */
  product(id: string): Promise<ProductGetRow | undefined>
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
