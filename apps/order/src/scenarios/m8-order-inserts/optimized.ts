import { type Database, isRolledBack } from '@flash-deal/db'
import { ApiError } from '@flash-deal/errors'
import { Batches, Deadline } from '@flash-deal/service'
import { storeOne } from './baseline.ts'
import { type NewOrder, newOrderFrom, settledAlready } from './new-order.ts'
import { insertBatch } from './optimized/insert-batch.ts'
import type { OrderStore, OrderStoreOptions } from './seam.ts'

/** The maximum number of orders in a batch. */
const sizeMax = 200

/** All orders wait in one queue, because no two of them need the same row. */
const queue = 'orders'

/** A single writer: one statement inserts all waiting orders. Their responses are sent after its commit. */
export const storeTogether = ({ app, ...limits }: OrderStoreOptions): OrderStore => {
  const [countBatch, countOrder] = [app.witness('M8', 'batch'), app.witness('M8', 'batched')]
  const observe = app.batchSizes('orders')

  const work = (_queue: string, orders: readonly NewOrder[]) => {
    observe(orders.length)
    countBatch()
    countOrder(orders.length)
    return storeBatch(app.db, orders)
  }

  const batches = new Batches({ ...limits, name: 'M8 batch', sizeMax, work })
  app.addHook('onClose', () => batches.close())
  return (attempt, lines) => batches.add(queue, newOrderFrom(attempt, lines), attempt.deadline)
}

/** Inserts all orders with one statement. The results have the same order. */
export const storeBatch = async (
  db: Database,
  orders: readonly NewOrder[],
): Promise<Promise<string>[]> => {
  try {
    // The latest deadline: an expired one does not cancel the others.
    const latest = Deadline.latestOf(orders.map(({ attempt }) => attempt.deadline))
    const answers = await insertBatch(db.by(latest), orders)
    return orders.map(async (order) => {
      const answer = answers.get(order)
      if (answer === undefined) throw settledAlready(order)
      return answer
    })
  } catch (error) {
    // One of the orders may be the cause, and nothing is stored: insert them one by one.
    if (isOutcomeUnknown(error)) throw error
    return orders.map((order) => storeOne(order.attempt.db, order))
  }
}

/** After a deadlock the outcome is known: PostgreSQL has rolled back the whole statement. */
const isOutcomeUnknown = (error: unknown): boolean =>
  error instanceof ApiError &&
  ['SERVICE_UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code) &&
  !isRolledBack(error)
