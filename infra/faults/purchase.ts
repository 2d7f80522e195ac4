export type Kind = 'deal' | 'product'

export type Purchase = {
  /** Its Idempotency-Key. */
  key: string
  /** Which of the shop's buyers, from 0. */
  buyer: number
  /** A line each, of this many units. */
  wants: readonly Kind[]
  quantity: number
  /** Cancelled when it has stood for so long, in milliseconds. */
  cancelsAfterMs?: number
  /** Its client does not wait for longer than this at first, in milliseconds. */
  hangsUpAfterMs?: number
  /** Sent once more when all is over. */
  resends: boolean
}
