import type { Facts } from './facts.ts'
import type { ItemRow } from './snapshot.ts'

/** A 2xx that a client has seen. */
export type Acknowledged = {
  orderId: string
  /** The Idempotency-Key that it was sent under. */
  key?: string
  /** The body, as text or as it was parsed. */
  answer?: string | object
}

/** As far as it is compared. */
export type Answer = {
  id?: string
  user_id?: string
  status?: string
  total_amount?: number
  items?: readonly AnswerItem[]
}

export type AnswerItem = Pick<ItemRow, 'id' | 'product_id' | 'deal_id' | 'quantity' | 'unit_price'>

/** What the caller saw, and what every key has for an answer. */
export const allAcknowledged = (facts: Facts, seen: readonly Acknowledged[]): Acknowledged[] => [
  ...seen,
  ...facts.order.claims.flatMap(({ order_id: orderId, key, answer }) =>
    answer === null ? [] : [{ orderId, key, answer }],
  ),
]

/** Empty where it is no JSON: then nothing in it can be as it was stored. */
export const answerFrom = (answer: string | object): Answer => {
  if (typeof answer !== 'string') return answer
  try {
    return JSON.parse(answer) as Answer
  } catch {
    return {}
  }
}
