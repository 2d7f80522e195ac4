import type { FastifyInstance } from 'fastify'
import type { Attempt } from '../../domain/attempt.ts'
import type { GrantedLine } from '../../plugins/product-client.ts'

/**
 * M8: stores an order for which product has granted the lines, and returns the bytes of its answer
 * after the commit.
 * @throws ApiError SERVICE_UNAVAILABLE, DEADLINE_EXCEEDED or, under a key, IDEMPOTENCY_IN_PROGRESS
 */
export type OrderStore = (attempt: Attempt, lines: readonly GrantedLine[]) => Promise<string>

export type OrderStoreOptions = {
  app: FastifyInstance
  /** Orders that may wait, where they wait for each other. */
  queueMax: number
  /** How long one may wait and be stored, in milliseconds. */
  timeoutMs: number
}

declare module 'fastify' {
  interface FastifyInstance {
    storeOrder: OrderStore
  }
}
