import type { FastifyInstance } from 'fastify'
import type { Attempt } from '../../domain/attempt.ts'
import type { NewOrder } from '../../storage/new-order.ts'

/**
 * H2: processes an attempt until the client can get a response: the order is confirmed, or it is
 * accepted and will be decided (pending). Returns the bytes of the response.
 * @throws Refusal, or ApiError if the outcome of the id is unknown
 */
export type TakeOrder = (attempt: Attempt) => Promise<string>

export type TakeOrderOptions = {
  app: FastifyInstance
  /** Maximum number of orders that wait to be stored. */
  queueMax: number
  /** Maximum time of an order in the queue and in the database, in milliseconds. */
  timeoutMs: number
  /** Stores a pending order; by default all waiting orders together. */
  store?: StorePending
}

/** Returns the bytes of the response, after the commit. */
export type StorePending = (order: NewOrder) => Promise<string>

declare module 'fastify' {
  interface FastifyInstance {
    takeOrder: TakeOrder
  }
}
