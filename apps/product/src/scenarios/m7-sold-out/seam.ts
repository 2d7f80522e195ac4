import type { FastifyInstance } from 'fastify'
import type { StockTaker } from '../m1-hot-row/seam.ts'

export type SoldOutOptions = {
  app: FastifyInstance
  /** M1: decides the orders that are not rejected here. */
  next: StockTaker
}

declare module 'fastify' {
  interface FastifyInstance {
    /** M7: rejects orders on deals that are known to be sold out, and passes the others to M1. */
    takeStock: StockTaker
  }
}
