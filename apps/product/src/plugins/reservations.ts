import type { Queries, Queryable } from '@flash-deal/db'
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

/** The returned units. */
export type Released = { user_id: string; lines: readonly RequestedLine[] }

type ReleaseListener = (released: Released) => unknown

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Releases a reservation in any state, known or unknown; at most once.
     * @param db ends with the caller's deadline; `app.db` if no caller waits
     */
    releaseStock(orderId: string, db?: Queries): Promise<void>
    /** Registers a listener for returned units. It is called after the commit, and not if the outcome of the commit is unknown. */
    onRelease(listener: ReleaseListener): void
  }
}

/** Releases reservations; the same for every variant of M1. */
export const reservations = fp(
  async (app: FastifyInstance) => {
    const listeners: ReleaseListener[] = []
    app.decorate('onRelease', (listener: ReleaseListener) => {
      listeners.push(listener)
    })
    app.decorate('releaseStock', async (orderId: string, db: Queries = app.db) => {
      const released = await db.transaction((tx) => release(tx, orderId))
      if (released) for (const listener of listeners) listener(released)
    })
  },
  { name: 'reservations', dependencies: ['database'] },
)

const release = async (tx: Queryable, orderId: string): Promise<Released | undefined> => {
  const isNew = (await reservationReleaseUnknown(tx, { order_id: orderId })) === 1
  if (isNew) return undefined
  const { user_id } = (await reservationRelease(tx, { order_id: orderId })) ?? {}
  if (!user_id) return undefined
  const lines = await reservationLineList(tx, { order_id: orderId })
  const closed = await giveBackDeals(tx, user_id, lines)
  await giveBackProducts(tx, lines, closed)
  return { user_id, lines }
}

/** Returns units to the deals. The result has the units of closed deals, as lines of their products. */
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
