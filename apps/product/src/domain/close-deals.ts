import type { Database, Queryable } from '@flash-deal/db'
import { eachInTurn } from '@flash-deal/service'
import {
  dealClose,
  dealCloseEach,
  dealGetDueForUpdate,
  dealListDue,
  productCredit,
  productLock,
} from '../gen/queries.ts'
import { productUnits, type RequestedLine } from './reservation.ts'

/** Deals that one transaction closes at most. */
const batchSize = 100

/** Deals that are listed at a time, and of how many of the oldest they are chosen. */
const [listSize, lookedAt] = [1_000, 20_000]

/**
 * Closes the deals that are over: what remains goes back to the products, once. Owners take turns.
 * Goes on until none is left, or until one could not be closed.
 * @throws Error of the first that could not be closed, when the others of its list are
 */
export const closeDueDeals = async (db: Database, stopping?: AbortSignal): Promise<void> => {
  let listed = listSize
  while (listed === listSize && !stopping?.aborted) {
    const ids = (await dealListDue(db, { looked_at: lookedAt, size: listSize })).map(({ id }) => id)
    await eachInTurn(batchesOf(ids), (batch) => closeBatch(db, batch, stopping), stopping)
    listed = ids.length
  }
}

const batchesOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, index) =>
    ids.slice(index * batchSize, (index + 1) * batchSize),
  )

/** All in one transaction; then those one by one that it could not have. */
const closeBatch = async (
  db: Database,
  ids: readonly string[],
  stopping?: AbortSignal,
): Promise<void> => {
  const closed = await db.transaction((tx) => closeTogether(tx, ids)).catch((): string[] => [])
  const rest = ids.filter((id) => !closed.includes(id))
  await eachInTurn(rest, (id) => db.transaction((tx) => closeDeal(tx, id)), stopping)
}

/** Returns which were closed; who waits for a row may be refused later, so none is waited for. */
const closeTogether = async (tx: Queryable, ids: readonly string[]): Promise<string[]> => {
  const closed = await dealCloseEach(tx, { ids })
  const credit = productUnits(
    closed.map(({ product_id, units }): RequestedLine => {
      return { product_id, deal_id: null, quantity: units }
    }),
  )
  await productLock(tx, credit)
  await productCredit(tx, credit)
  return closed.map(({ id }) => id)
}

const closeDeal = async (tx: Queryable, id: string): Promise<void> => {
  const deal = await dealGetDueForUpdate(tx, { id })
  if (!deal) return
  await dealClose(tx, { id })
  await productCredit(tx, { ids: [deal.product_id], units: [deal.remaining_stock] })
}
