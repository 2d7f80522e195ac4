import type { Queryable } from '@flash-deal/db'
import { reservationGet, reservationLineList } from '../gen/queries.ts'
import type { ReservationResult } from '../scenarios/m1-hot-row/seam.ts'

/** What a reservation whose order id is known already gets: its first answer, or that it is over. */
export const repeatedAnswer = async (
  tx: Queryable,
  orderId: string,
): Promise<ReservationResult> => {
  const reservation = await reservationGet(tx, { order_id: orderId })
  // It stood a moment ago. Only what was released is deleted, when it is old.
  if (!reservation || reservation.state === 'released') {
    const message = 'The reservation was released and cannot be had again.'
    return { order_id: orderId, outcome: 'refused', reason: 'RESERVATION_RELEASED', message }
  }
  const { order_id, expires_at } = reservation
  const lines = await reservationLineList(tx, { order_id })
  return { order_id, outcome: 'granted', expires_at, lines }
}
