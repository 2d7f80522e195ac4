import type { Queryable } from '@flash-deal/db'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import {
  dealUnits,
  productUnits,
  type RequestedLine,
  type UnitsById,
} from '../domain/reservation.ts'
import {
  buyerSubtract,
  dealGiveBack,
  dealLock,
  productCredit,
  productLock,
  productTake,
  reservationLineList,
  reservationRelease,
  reservationReleaseUnknown,
} from '../gen/queries.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Releases a reservation, whatever its state and whether it is known or not; at most once. */
    releaseStock(orderId: string): Promise<void>
  }
}

/** The way back of what was reserved; the same for every variant of M1. */
export const reservations = fp(
  async (app: FastifyInstance) => {
    app.decorate('releaseStock', (orderId: string) =>
      app.db.transaction((tx) => release(tx, orderId)),
    )
  },
  { name: 'reservations', dependencies: ['database'] },
)

const release = async (tx: Queryable, orderId: string): Promise<void> => {
  const isNew = (await reservationReleaseUnknown(tx, { order_id: orderId })) === 1
  if (isNew) return
  const released = await reservationRelease(tx, { order_id: orderId })
  if (!released?.user_id) return
  const lines = await reservationLineList(tx, { order_id: orderId })
  const closed = await giveBackDeals(tx, released.user_id, lines)
  await giveBackProducts(tx, lines, closed)
}

/** Gives units back to the deals; returns those that are closed, as lines of their products. */
const giveBackDeals = async (
  tx: Queryable,
  userId: string,
  lines: readonly RequestedLine[],
): Promise<RequestedLine[]> => {
  const { ids, units } = dealUnits(lines)
  if (ids.length === 0) return []
  await dealLock(tx, { ids })
  const given = await dealGiveBack(tx, { ids, units })
  await buyerSubtract(tx, { deal_ids: ids, user_id: userId, units })
  return given
    .filter((deal) => deal.is_closed)
    .map((deal) => ({ product_id: deal.product_id, deal_id: null, quantity: deal.units }))
}

const giveBackProducts = async (
  tx: Queryable,
  lines: readonly RequestedLine[],
  closed: readonly RequestedLine[],
): Promise<void> => {
  const direct = productUnits(lines)
  const credit = productUnits(closed)
  const ids = [...new Set([...direct.ids, ...credit.ids])].sort()
  if (ids.length === 0) return
  await productLock(tx, { ids })
  if (direct.ids.length > 0) await productTake(tx, negated(direct))
  if (credit.ids.length > 0) await productCredit(tx, credit)
}

const negated = ({ ids, units }: UnitsById): UnitsById => ({
  ids,
  units: units.map((each) => -each),
})
