import type { Queryable } from '@flash-deal/db'
import { reservationGet, reservationLineList } from '../gen/queries.ts'
import type { ReservationResult } from '../scenarios/m1-hot-row/plugin.ts'

/** What a reservation whose order id is known already gets: its first answer, or that it is over. */
export const repeatedAnswer = async (
  tx: Queryable,
  orderId: string,
): Promise<ReservationResult> => {
  const reservation = await reservationGet(tx, { order_id: orderId })
  if (!reservation) throw new Error(`Reservation ${orderId} stood a moment ago.`)
  const { order_id, state, expires_at } = reservation
  if (state === 'released') {
    const message = 'The reservation was released and cannot be had again.'
    return { order_id, outcome: 'refused', reason: 'RESERVATION_RELEASED', message }
  }
  const lines = await reservationLineList(tx, { order_id })
  return { order_id, outcome: 'granted', expires_at, lines }
}
