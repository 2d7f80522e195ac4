import type { Database, Queryable } from '@flash-deal/db'
import { dealClose, dealGetDueForUpdate, dealListDue, productCredit } from '../gen/queries.ts'

/** Closes the deals that are over, each in a transaction of its own: what remains goes back, once. */
export const closeDueDeals = async (db: Database): Promise<void> => {
  for (const { id } of await dealListDue(db, { size: 100 })) {
    await db.transaction((tx) => closeDeal(tx, id))
  }
}

const closeDeal = async (tx: Queryable, id: string): Promise<void> => {
  const deal = await dealGetDueForUpdate(tx, { id })
  if (!deal) return
  await dealClose(tx, { id })
  await productCredit(tx, { ids: [deal.product_id], units: [deal.remaining_stock] })
}
