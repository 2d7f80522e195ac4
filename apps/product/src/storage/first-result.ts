import type { Queryable } from '@flash-deal/db'
import { reservationGet, reservationLineList } from '../gen/queries.ts'
import type { ReservationResult } from '../scenarios/m1-hot-row/seam.ts'

/** The result for an order id that is already known: its first result, or the error that it is released. */
export const firstResultOf = async (tx: Queryable, orderId: string): Promise<ReservationResult> => {
  const reservation = await reservationGet(tx, { order_id: orderId })
  // It existed a moment ago. Only old released reservations are deleted.
  if (!reservation || reservation.state === 'released') {
    const message = 'The reservation was released and cannot be granted again.'
    return { order_id: orderId, outcome: 'refused', reason: 'RESERVATION_RELEASED', message }
  }
  const { order_id, expires_at } = reservation
  const lines = await reservationLineList(tx, { order_id })
  return { order_id, outcome: 'granted', expires_at, lines }
}
