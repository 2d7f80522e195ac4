import type { ProductOperations } from '@flash-deal/contracts'
import type { Queries } from '@flash-deal/db'
import type { Handler } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { reservationConfirm, reservationListStates } from '../gen/queries.ts'

const unknown = 'unknown' as const

export const confirmReservations: Handler<ProductOperations['confirmReservations']> = async ({
  server,
  db,
  body,
}) => ({ results: await confirmAll(server, db, body.order_ids) })

/** The state of each afterwards, in the order of the request. */
export const confirmAll = async (server: FastifyInstance, db: Queries, order_ids: string[]) => {
  server.countReservations('confirmed', await reservationConfirm(db, { order_ids }))
  const rows = await reservationListStates(db, { order_ids })
  const states = new Map(rows.map((row) => [row.order_id, row.state]))
  // PostgreSQL writes ids in lower case.
  const stateOf = (id: string) => states.get(id.toLowerCase()) ?? unknown
  return order_ids.map((order_id) => ({ order_id, state: stateOf(order_id) }))
}
