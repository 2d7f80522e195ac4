import type { Coding } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import type { PageOf, ProductPage } from '../../domain/product-page.ts'
import type { ProductGetRow } from '../../gen/queries.ts'

export type ProductListQuery = PageOf & {
  /** The coding of a cached page (E6). */
  coding: Coding
}

export type Serialize = (page: ProductPage) => string

/** A page as the bytes of the response, in the requested coding or uncompressed. */
export type CodedPage = { bytes: string | Buffer; coding: Coding }

/** E2: the source of a page of the product list, or of a single product. */
export type ProductList = {
  page(query: ProductListQuery, serialize: Serialize): Promise<CodedPage>
  /** Undefined if there is none. */
  product(id: string): Promise<ProductGetRow | undefined>
  /** Call it after an owner's change to the list. */
  invalidate(): Promise<void>
}

export type ProductListOptions = {
  app: FastifyInstance
  /** The list without a cache, for the variants that add one. */
  origin: ProductList
}

declare module 'fastify' {
  interface FastifyInstance {
    productList: ProductList
  }
}
