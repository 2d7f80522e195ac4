import type { FastifyInstance } from 'fastify'
import type { Attempt } from '../../domain/attempt.ts'
import type { NewOrder } from '../m8-order-inserts/new-order.ts'

/**
 * H2: brings an attempt to where its client may be told of the order: it stands (confirmed), or it is
 * accepted and will be decided (pending). Returns the bytes of the response.
 * @throws Refusal, or ApiError where what became of the id is not known
 */
export type TakeOrder = (attempt: Attempt) => Promise<string>

export type TakeOrderOptions = {
  app: FastifyInstance
  /** Orders that may wait to be stored. */
  queueMax: number
  /** How long one may wait and be stored, in milliseconds. */
  timeoutMs: number
  /** Stores a pending order; by default all that wait together. */
  store?: StorePending
}

/** Returns the bytes of the response, after the commit. */
export type StorePending = (order: NewOrder) => Promise<string>

declare module 'fastify' {
  interface FastifyInstance {
    takeOrder: TakeOrder
  }
}
