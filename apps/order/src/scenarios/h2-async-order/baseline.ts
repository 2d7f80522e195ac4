import type { TakeOrder, TakeOrderOptions } from './seam.ts'

/** The stock is reserved and the order is confirmed before the response. */
export const confirmFirst = ({ app }: TakeOrderOptions): TakeOrder => {
  const count = app.witness('H2', 'confirmed_first')
  return async (attempt) => {
    const lines = await app.productClient.reserve(attempt)
    count()
    const answer = await app.storeOrder(attempt, lines)
    app.countOrder('confirmed')
    return answer
  }
}
