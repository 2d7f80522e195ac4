import type { Queries, Queryable } from '@flash-deal/db'
import {
  dealUnits,
  type GrantedLine,
  productUnits,
  type RequestedLine,
  type ReservationRequest,
} from '../../../domain/reservation.ts'
import {
  buyerAddEach,
  buyerList,
  dealListForReservation,
  dealLock,
  dealTake,
  productListForReservation,
  productLock,
  productTake,
  reservationCreateEach,
  reservationDelete,
} from '../../../gen/queries.ts'
import { byOrderId } from '../batch.ts'
import { storeLines } from '../stock.ts'
import { type BatchDecisions, type BatchStock, decideInOrder } from './decide-in-order.ts'
import { purchaseKey, purchasesIn } from './purchases.ts'

/** Orders of any lines, in the order of arrival. */
type Batch = { requests: readonly ReservationRequest[]; ttlMs: number }

/**
 * Decides each order of a batch in the order of arrival, while all its rows are locked, and takes units
 * for the granted ones: one transaction with two pipelined groups of statements, for any number of
 * orders. It is committed when the function returns.
 */
export const takeInOrder = (db: Queries, batch: Batch): Promise<BatchDecisions> =>
  db.transaction(async (tx) => {
    const decisions = decideInOrder(batch.requests, await lock(tx, batch))
    await write(tx, decisions)
    return decisions
  })

/**
 * Keys, deals and products, each in the order of their ids: the order in which all code locks. The
 * statements are sent together, and PostgreSQL processes them one after the other.
 */
const lock = async (tx: Queryable, { requests, ttlMs }: Batch): Promise<BatchStock> => {
  const distinct = [...byOrderId(requests).values()]
  const order_ids = distinct.map(({ order_id }) => order_id)
  const user_ids = distinct.map(({ user_id }) => user_id)
  const [created, deals, products] = await Promise.all([
    reservationCreateEach(tx, { order_ids, user_ids, ttl_ms: ttlMs }),
    lockDeals(tx, requests),
    lockProducts(tx, linesOf(requests)),
  ])
  const fresh = new Map(created.map(({ order_id, expires_at }) => [order_id, expires_at]))
  return { ...deals, products, fresh }
}

const lockDeals = async (
  tx: Queryable,
  requests: readonly ReservationRequest[],
): Promise<Pick<BatchStock, 'deals' | 'bought'>> => {
  const purchases = purchasesIn(requests)
  const [first] = purchases
  if (!first) return { deals: [], bought: new Map() }
  const { ids } = dealUnits(linesOf(requests))
  const deal_ids = purchases.map(({ deal_id }) => deal_id)
  const user_ids = purchases.map(({ user_id }) => user_id)
  const [, deals, bought] = await Promise.all([
    dealLock(tx, { ids }),
    // The next statement reads the units of all buyers.
    dealListForReservation(tx, { ids, user_id: first.user_id }),
    buyerList(tx, { deal_ids, user_ids }),
  ])
  return { deals, bought: new Map(bought.map((each) => [purchaseKey(each), each.units])) }
}

const lockProducts = async (
  tx: Queryable,
  lines: readonly RequestedLine[],
): Promise<BatchStock['products']> => {
  const { ids } = productUnits(lines)
  if (ids.length === 0) return []
  const [, products] = await Promise.all([
    productLock(tx, { ids }),
    productListForReservation(tx, { ids }),
  ])
  return products
}

type Sale = { order_id: string; user_id: string; lines: GrantedLine[] }

/** Writes the granted orders, and deletes the keys of the others. */
const write = async (tx: Queryable, decisions: BatchDecisions): Promise<void> => {
  const sales: Sale[] = []
  const refused: string[] = []
  for (const [{ order_id, user_id }, decision] of decisions) {
    if (typeof decision !== 'object') continue
    if ('refused' in decision) refused.push(order_id)
    else sales.push({ order_id, user_id, lines: decision.granted })
  }
  const statements = sales.length > 0 ? sell(tx, sales) : []
  if (refused.length > 0) statements.push(reservationDelete(tx, { order_ids: refused }))
  await Promise.all(statements)
}

const sell = (tx: Queryable, sales: readonly Sale[]): Promise<void>[] => {
  const lines = linesOf(sales)
  const [deals, products] = [dealUnits(lines), productUnits(lines)]
  const statements = [storeLines(tx, sales)]
  if (products.ids.length > 0) statements.push(productTake(tx, products))
  if (deals.ids.length > 0) statements.push(dealTake(tx, deals), addToBuyers(tx, sales))
  return statements
}

const addToBuyers = (tx: Queryable, sales: readonly Sale[]): Promise<void> => {
  const purchases = purchasesIn(sales)
  return buyerAddEach(tx, {
    deal_ids: purchases.map(({ deal_id }) => deal_id),
    user_ids: purchases.map(({ user_id }) => user_id),
    units: purchases.map(({ units }) => units),
  })
}

const linesOf = <Line>(all: readonly { lines: readonly Line[] }[]): Line[] =>
  all.flatMap(({ lines }) => lines)
