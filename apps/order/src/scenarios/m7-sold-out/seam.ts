import type { FastifyInstance } from 'fastify'
import type { ProductClient } from '../../plugins/product-client.ts'

/** M7 in order: wraps the client of product, which keeps its methods. */
export type WithSoldOut = (client: ProductClient) => ProductClient

declare module 'fastify' {
  interface FastifyInstance {
    withSoldOut: WithSoldOut
  }
}

export type SoldOutOptions = { app: FastifyInstance }
