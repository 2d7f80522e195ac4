import { RecentRefusals } from '@flash-deal/service'
import type { DraftLine } from '../../domain/draft.ts'
import { type ProductClient, Refusal, type Reserving } from '../../plugins/product-client.ts'
import type { SoldOutOptions, WithSoldOut } from './seam.ts'

/**
 * Refuses an order of one line on a deal for which product refused the same line within the last
 * 100 ms, without a call. An order under an Idempotency-Key is always sent to product: its id may
 * already have a reservation there.
 */
export const refuseSoldOut = ({ app }: SoldOutOptions): WithSoldOut => {
  const [known, passed] = [app.witness('M7', 'sold_out_known'), app.witness('M7', 'passed')]
  const refusals = new RecentRefusals<Refusal>({ validMs: 100, recheckMs: 40 })

  const ask = async (client: ProductClient, attempt: Reserving, line: string) => {
    const learn = refusals.asking(line)
    try {
      return await client.reserve(attempt)
    } catch (error) {
      if (isSoldOut(error)) learn(error)
      throw error
    }
  }

  return (client) => ({
    ...client,
    async reserve(attempt) {
      const line = attempt.key === undefined ? dealLineOf(attempt.draft.lines) : undefined
      const refusal = line && refusals.of(line)
      if (refusal) {
        known()
        throw refusal
      }
      passed()
      return line ? ask(client, attempt, line) : client.reserve(attempt)
    },

    async release(orderId, context) {
      await client.release(orderId, context)
      // The deals of the released order are not known here.
      refusals.forgetAll()
    },
  })
}

/** The only line of an order, if it is for a deal. Equal lines get the same result. */
const dealLineOf = ([line, ...others]: readonly DraftLine[]): string | undefined =>
  !line || line.deal_id === null || others.length > 0
    ? undefined
    : `${line.deal_id} ${line.product_id} ${line.quantity}`

const isSoldOut = (error: unknown): error is Refusal =>
  error instanceof Refusal && error.code === 'INSUFFICIENT_STOCK'
