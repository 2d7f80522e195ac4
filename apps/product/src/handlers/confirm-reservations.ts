import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { reservationConfirm, reservationListStates } from '../gen/queries.ts'

export const confirmReservations: Handler<ProductOperations['confirmReservations']> = async ({
  db,
  body,
}) => {
  const { order_ids } = body
  await reservationConfirm(db, { order_ids })
  const rows = await reservationListStates(db, { order_ids })
  const states = new Map(rows.map((row) => [row.order_id, row.state]))
  return {
    results: order_ids.map((order_id) => ({ order_id, state: states.get(order_id) ?? 'unknown' })),
  }
}
