import type { FastifyInstance } from 'fastify'
import type { Attempt } from '../../domain/attempt.ts'
import type { GrantedLine } from '../../plugins/product-client.ts'

/**
 * M8: stores an order whose lines product has reserved, and returns the bytes of the response after
 * the commit.
 * @throws ApiError SERVICE_UNAVAILABLE, DEADLINE_EXCEEDED or, under a key, IDEMPOTENCY_IN_PROGRESS
 */
export type OrderStore = (attempt: Attempt, lines: readonly GrantedLine[]) => Promise<string>

export type OrderStoreOptions = {
  app: FastifyInstance
  /** The maximum number of waiting orders, for variants with a queue. */
  queueMax: number
  /** The maximum time of an order in the queue and in the database, in milliseconds. */
  timeoutMs: number
}

declare module 'fastify' {
  interface FastifyInstance {
    storeOrder: OrderStore
  }
}
