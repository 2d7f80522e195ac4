import type { DraftLine } from '../../domain/draft.ts'
import type { GrantedLine } from '../../plugins/product-client.ts'
import { accepting } from './accepting.ts'
import type { TakeOrder, TakeOrderOptions } from './seam.ts'

/** Product grants the names and prices with the stock, after the answer. */
const notGranted = (line: DraftLine): GrantedLine => ({ ...line, product_name: '', unit_price: 0 })

/** Only the shape of the order is checked before the answer; the consumer takes the stock. */
export const queueFirst = (options: TakeOrderOptions): TakeOrder => {
  const accept = accepting(options)
  return async (attempt) =>
    accept(attempt, attempt.draft.lines.map(notGranted), { isReserved: false })
}
