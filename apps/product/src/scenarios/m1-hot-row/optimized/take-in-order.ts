import type { Queries, Queryable } from '@flash-deal/db'
import type { GrantedLine } from '../../../domain/reservation.ts'
import {
  buyerAddEach,
  buyerList,
  dealListForReservation,
  dealLock,
  dealTake,
  reservationCreateEach,
  reservationDelete,
  reservationLineCreateEach,
} from '../../../gen/queries.ts'
import { type Batch, byOrderId } from '../batch.ts'
import { type BatchDecisions, type BatchStock, decideInOrder } from './decide-in-order.ts'

/**
 * Decides about each of a batch in the order of arrival, under the lock of the deal, and takes for
 * those that it grants: one transaction of two rounds of statements, however many orders there are.
 * When it returns, it is committed.
 */
export const takeInOrder = (db: Queries, batch: Batch): Promise<BatchDecisions> =>
  db.transaction(async (tx) => {
    const decisions = decideInOrder(batch.requests, await lock(tx, batch))
    await write(tx, batch.deal_id, decisions)
    return decisions
  })

/** The statements go out together, and are carried out one after the other. */
const lock = async (tx: Queryable, { deal_id, requests, ttlMs }: Batch): Promise<BatchStock> => {
  const asked = [...byOrderId(requests).values()]
  const order_ids = asked.map(({ order_id }) => order_id)
  const user_ids = asked.map(({ user_id }) => user_id)
  const [created, , [deal], buyers] = await Promise.all([
    reservationCreateEach(tx, { order_ids, user_ids, ttl_ms: ttlMs }),
    dealLock(tx, { ids: [deal_id] }),
    // What it says of one buyer, the next statement says of all.
    dealListForReservation(tx, { ids: [deal_id], user_id: user_ids[0] ?? '' }),
    buyerList(tx, { deal_id, user_ids }),
  ])
  return {
    deal,
    fresh: new Map(created.map(({ order_id, expires_at }) => [order_id, expires_at])),
    bought: new Map(buyers.map(({ user_id, units }) => [user_id, units])),
  }
}

type Sale = GrantedLine & { order_id: string; user_id: string }

/** Writes what was granted, and takes back the keys of what was not. */
const write = async (tx: Queryable, deal_id: string, decisions: BatchDecisions): Promise<void> => {
  const sales: Sale[] = []
  const refused: string[] = []
  for (const [{ order_id, user_id }, decision] of decisions) {
    if (typeof decision !== 'object') continue
    if ('refused' in decision) refused.push(order_id)
    else for (const line of decision.granted) sales.push({ ...line, order_id, user_id })
  }
  const statements = sell(tx, deal_id, sales)
  if (refused.length > 0) statements.push(reservationDelete(tx, { order_ids: refused }))
  await Promise.all(statements)
}

const sell = (tx: Queryable, deal_id: string, sales: readonly Sale[]): Promise<void>[] => {
  const [first] = sales
  if (!first) return []
  const { product_id, product_name, unit_price } = first
  const bought = unitsByBuyer(sales)
  const units = sales.reduce((sum, { quantity }) => sum + quantity, 0)
  return [
    dealTake(tx, { ids: [deal_id], units: [units] }),
    buyerAddEach(tx, { deal_id, user_ids: [...bought.keys()], units: [...bought.values()] }),
    reservationLineCreateEach(tx, {
      deal_id,
      product_id,
      product_name,
      unit_price,
      order_ids: sales.map(({ order_id }) => order_id),
      quantities: sales.map(({ quantity }) => quantity),
    }),
  ]
}

const unitsByBuyer = (sales: readonly Sale[]): Map<string, number> => {
  const units = new Map<string, number>()
  for (const { user_id, quantity } of sales) {
    units.set(user_id, (units.get(user_id) ?? 0) + quantity)
  }
  return units
}
