import type { TakeOrder, TakeOrderOptions } from './seam.ts'

/** The stock is granted and the order stands before the answer. */
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
