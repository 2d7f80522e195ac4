import type { Facts } from './facts.ts'
import type { ItemRow } from './snapshot.ts'

/** A 2xx response that a client received. */
export type Acknowledged = {
  orderId: string
  /** The Idempotency-Key of the request. */
  key?: string
  /** The body, as text or parsed. */
  answer?: string | object
}

/** The compared part of the body. */
export type Answer = {
  id?: string
  user_id?: string
  status?: string
  total_amount?: number
  items?: readonly AnswerItem[]
}

export type AnswerItem = Pick<ItemRow, 'id' | 'product_id' | 'deal_id' | 'quantity' | 'unit_price'>

/** The responses that callers received, and the stored response of every key. */
export const allAcknowledged = (facts: Facts, seen: readonly Acknowledged[]): Acknowledged[] => [
  ...seen,
  ...facts.order.claims.flatMap(({ order_id: orderId, key, answer }) =>
    answer === null ? [] : [{ orderId, key, answer }],
  ),
]

/** Empty if it is not JSON, which then matches no stored order. */
export const answerFrom = (answer: string | object): Answer => {
  if (typeof answer !== 'string') return answer
  try {
    return JSON.parse(answer) as Answer
  } catch {
    return {}
  }
}
