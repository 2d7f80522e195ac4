import { ApiError } from '@flash-deal/errors'
import type { Reservation, ReservationResult } from './seam.ts'

/**
 * The result of a reservation, which has its place among the results.
 * @throws ApiError SERVICE_UNAVAILABLE, outcome unknown, where there is none or it names another order
 */
export const resultFor = (
  { order_id }: Reservation,
  result: ReservationResult | undefined,
): ReservationResult => {
  if (result?.order_id === order_id) return result
  const cause = new Error(`product returned no result for order ${order_id}.`)
  throw new ApiError('SERVICE_UNAVAILABLE', { cause })
}
