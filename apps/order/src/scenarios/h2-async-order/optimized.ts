import { accepting } from './accepting.ts'
import type { TakeOrder, TakeOrderOptions } from './seam.ts'

/**
 * The stock is reserved before the response, so sold-out orders are rejected immediately. The order
 * is pending.
 */
export const reserveFirst = (options: TakeOrderOptions): TakeOrder => {
  const accept = accepting(options)
  return async (attempt) => {
    const lines = await options.app.productClient.reserve(attempt)
    return accept(attempt, lines, { isReserved: true })
  }
}
