import type { Database, Queryable } from '@flash-deal/db'
import { dealClose, dealGetDueForUpdate, dealListDue, productCredit } from '../gen/queries.ts'
import { eachInTurn } from './each-in-turn.ts'

/**
 * Closes the deals that are over, each in a transaction of its own: what remains goes back, once.
 * @throws Error of the first that could not be closed, when the others are
 */
export const closeDueDeals = async (db: Database): Promise<void> => {
  const due = await dealListDue(db, { size: 100 })
  await eachInTurn(due, ({ id }) => db.transaction((tx) => closeDeal(tx, id)))
}

const closeDeal = async (tx: Queryable, id: string): Promise<void> => {
  const deal = await dealGetDueForUpdate(tx, { id })
  if (!deal) return
  await dealClose(tx, { id })
  await productCredit(tx, { ids: [deal.product_id], units: [deal.remaining_stock] })
}
