import type { Deadline } from '@flash-deal/service'
import type { FastifyRequest } from 'fastify'
import type { Draft } from './draft.ts'
import type { Order } from './order.ts'

/** What a call to another service carries on from the request that it serves. */
export type CallContext = { deadline: Deadline; trace: Record<string, string> }

/** One try to turn a draft into an order under one id. */
export type Attempt = CallContext & {
  orderId: string
  userId: string
  draft: Draft
  /** The Idempotency-Key, if the request had one. */
  key: string | undefined
  /** Writes an order as the bytes of the answer. */
  serialize: (order: Order) => string
}

export const contextOf = (
  request: Pick<FastifyRequest, 'deadline' | 'headers' | 'id'>,
): CallContext => ({
  deadline: request.deadline,
  trace: { traceparent: String(request.headers.traceparent), 'x-request-id': request.id },
})
