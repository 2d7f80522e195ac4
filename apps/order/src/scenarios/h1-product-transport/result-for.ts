import { ApiError } from '@flash-deal/errors'
import type { Reservation, ReservationResult } from './seam.ts'

/**
 * The result of a reservation, by its position in the results.
 * @throws ApiError SERVICE_UNAVAILABLE, outcome unknown, if it is missing or names another order
 */
export const resultFor = (
  { order_id }: Reservation,
  result: ReservationResult | undefined,
): ReservationResult => {
  if (result?.order_id === order_id) return result
  const cause = new Error(`product returned no result for order ${order_id}.`)
  throw new ApiError('SERVICE_UNAVAILABLE', { cause })
}
