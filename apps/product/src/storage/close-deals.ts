import type { Queryable } from '@flash-deal/db'
import { runInSequence } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { productUnits, type RequestedLine } from '../domain/reservation.ts'
import {
  dealClose,
  dealCloseEach,
  dealGetDueForUpdate,
  dealListDue,
  productCredit,
  productLock,
} from '../gen/queries.ts'

/** The maximum number of deals that one transaction closes. */
const batchSize = 100

/** The number of deals in one list, and the number of oldest deals from which they are chosen. */
const [listSize, lookedAt] = [1_000, 20_000]

/**
 * Closes expired deals and returns their remaining stock to the products, once. Owners are served
 * round-robin. Continues until no expired deal is left or a deal cannot be closed.
 * @throws the error of the first deal that cannot be closed, after the other deals of its list are closed
 */
export const closeDueDeals = async (
  app: FastifyInstance,
  stopping?: AbortSignal,
): Promise<void> => {
  let listed = listSize
  while (listed === listSize && !stopping?.aborted) {
    const due = await dealListDue(app.db, { looked_at: lookedAt, size: listSize })
    const ids = due.map(({ id }) => id)
    await runInSequence(batchesOf(ids), (batch) => closeBatch(app, batch, stopping), stopping)
    listed = ids.length
  }
}

const batchesOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, index) =>
    ids.slice(index * batchSize, (index + 1) * batchSize),
  )

/** Closes all in one transaction, then closes the remaining deals one by one. */
const closeBatch = async (
  { db, log, causeLog }: FastifyInstance,
  ids: readonly string[],
  stopping?: AbortSignal,
): Promise<void> => {
  const failed = (error: unknown): string[] => {
    causeLog.write(log, error, 'Deals could not be closed together')
    return []
  }
  const closed = await db.transaction((tx) => closeTogether(tx, ids)).catch(failed)
  const rest = ids.filter((id) => !closed.includes(id))
  await runInSequence(rest, (id) => db.transaction((tx) => closeDeal(tx, id)), stopping)
}

/** Returns the closed deals. Skips locked rows, because a caller that waits for a lock may be rejected. */
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
