import type { FastifyInstance } from 'fastify'
import type { Attempt } from '../../domain/attempt.ts'

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
}

declare module 'fastify' {
  interface FastifyInstance {
    takeOrder: TakeOrder
  }
}
