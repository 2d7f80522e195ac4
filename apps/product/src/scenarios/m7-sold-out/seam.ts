import type { FastifyInstance } from 'fastify'
import type { StockTaker } from '../m1-hot-row/seam.ts'

export type SoldOutOptions = {
  app: FastifyInstance
  /** M1: decides what is not refused here. */
  next: StockTaker
}

declare module 'fastify' {
  interface FastifyInstance {
    /** M7: refuses what is known to be sold out, and takes stock for the rest. */
    takeStock: StockTaker
  }
}
