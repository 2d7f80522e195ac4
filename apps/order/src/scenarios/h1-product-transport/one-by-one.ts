import { resultFor } from './result-for.ts'
import type { ProductCalls, ProductTransport } from './seam.ts'

/**
 * A call for each reservation.
 * @param count is called for each
 */
export const oneByOne = (calls: ProductCalls, count: () => void): ProductTransport => ({
  ...calls,
  async reserve(reservation, context) {
    count()
    const [result] = await calls.createReservations([reservation], context)
    return resultFor(reservation, result)
  },
})
