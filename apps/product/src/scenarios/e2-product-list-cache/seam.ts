import type { Coding } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import type { PageOf, ProductPage } from '../../domain/product-page.ts'
import type { ProductGetRow } from '../../gen/queries.ts'

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
