import type { Queries } from '@flash-deal/db'
import type { CallContext } from '@flash-deal/service'
import type { Draft } from './draft.ts'
import type { Order } from './order.ts'

/** One try to turn a draft into an order under one id. */
export type Attempt = CallContext & {
  /** Up to the deadline of the request. */
  db: Queries
  orderId: string
  userId: string
  draft: Draft
  /** The Idempotency-Key, if the request had one. */
  key: string | undefined
  /** Writes an order as the bytes of the answer. */
  serialize: (order: Order) => string
}
