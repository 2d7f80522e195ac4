import type { DraftLine } from '../../domain/draft.ts'
import type { GrantedLine } from '../../plugins/product-client.ts'
import { accepting } from './accepting.ts'
import type { TakeOrder, TakeOrderOptions } from './seam.ts'

/** Product returns names and prices with the reservation, after the response. */
const notGranted = (line: DraftLine): GrantedLine => ({ ...line, product_name: '', unit_price: 0 })

/** Only the request is validated before the response; the consumer reserves the stock. */
export const queueFirst = (options: TakeOrderOptions): TakeOrder => {
  const accept = accepting(options)
  return async (attempt) =>
    accept(attempt, attempt.draft.lines.map(notGranted), { isReserved: false })
}
