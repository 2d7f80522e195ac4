import { accepting } from './accepting.ts'
import type { TakeOrder, TakeOrderOptions } from './seam.ts'

/** The stock is granted before the answer, so that sold out is told at once; the order is pending. */
export const reserveFirst = (options: TakeOrderOptions): TakeOrder => {
  const accept = accepting(options)
  return async (attempt) => {
    const lines = await options.app.productClient.reserve(attempt)
    return accept(attempt, lines, { isReserved: true })
  }
}
