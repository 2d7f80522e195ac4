export type Kind = 'deal' | 'product'

export type Purchase = {
  /** Its Idempotency-Key. */
  key: string
  /** Index of the buyer, from 0. */
  buyer: number
  /** One order line per kind, each of `quantity` units. */
  kinds: readonly Kind[]
  quantity: number
  /** Milliseconds from the order to its cancellation; absent if it is not cancelled. */
  cancelsAfterMs?: number
  /** The client aborts the first attempt after this time, in milliseconds. */
  abortsAfterMs?: number
  /** Sent once more at the end of the round. */
  resends: boolean
}
