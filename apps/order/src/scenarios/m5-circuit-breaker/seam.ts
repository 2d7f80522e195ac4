import type { Settings } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import type { ProductClient } from '../../plugins/product-client.ts'

export type GuardOptions = { app: FastifyInstance; settings: Settings<'order'> }

/** Wraps the client of product; the wrapper has the same methods. */
export type ProductGuard = (client: ProductClient) => ProductClient

declare module 'fastify' {
  interface FastifyInstance {
    guardProductClient: ProductGuard
  }
}
