import type { Queries } from '@flash-deal/db'
import type { CallContext } from '@flash-deal/service'
import type { Draft } from './draft.ts'
import type { Order } from './order.ts'

/** One attempt to place a draft as an order under one id. */
export type Attempt = CallContext & {
  /** Ends with the deadline of the request. */
  db: Queries
  orderId: string
  userId: string
  draft: Draft
  /** The Idempotency-Key, if the request had one. */
  key: string | undefined
  /** Serializes an order as the bytes of the response. */
  serialize: (order: Order) => string
}
