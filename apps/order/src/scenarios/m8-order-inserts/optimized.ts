import { type Database, isRolledBack } from '@flash-deal/db'
import { ApiError } from '@flash-deal/errors'
import { storedTraceparent } from '@flash-deal/telemetry'
import { orderStore } from '../../gen/queries.ts'
import { type InsertStatement, insertOrders } from '../../storage/insert-orders.ts'
import { type NewOrder, newOrderFrom } from '../../storage/new-order.ts'
import { orderBatches } from '../../storage/order-batches.ts'
import { storeOne } from './baseline.ts'
import type { OrderStore, OrderStoreOptions } from './seam.ts'

/** One statement inserts all waiting orders. Their responses are sent after its commit. */
export const storeTogether = ({ app, ...limits }: OrderStoreOptions): OrderStore => {
  const [countBatch, countOrder] = [app.witness('M8', 'batch'), app.witness('M8', 'batched')]
  const store = (orders: readonly NewOrder[]) => {
    countBatch()
    countOrder(orders.length)
    return storeBatch(app.db, orders)
  }
  const add = orderBatches({ ...limits, app, name: 'M8 batch', kind: 'orders', store })
  return (attempt, lines) => add(newOrderFrom(attempt, lines))
}

/** Inserts all orders with one statement. The results have the same order. */
export const storeBatch = async (
  db: Database,
  orders: readonly NewOrder[],
): Promise<Promise<string>[]> => {
  try {
    return await insertOrders(db, orders, 'confirmed', insert)
  } catch (error) {
    // One of the orders may be the cause, and nothing is stored: insert them one by one.
    if (isOutcomeUnknown(error)) throw error
    return orders.map((order) => storeOne(order.attempt.db, order))
  }
}

const insert: InsertStatement = (db, columns, orders) =>
  orderStore(db, { ...columns, traceparents: orders.map(traceparentOf) })

/** An empty text means no trace: sqlc cannot declare arrays of nullable values. */
const traceparentOf = ({ attempt }: NewOrder): string =>
  storedTraceparent(attempt.trace.traceparent) ?? ''

/** After a deadlock the outcome is known: PostgreSQL has rolled back the whole statement. */
const isOutcomeUnknown = (error: unknown): boolean =>
  error instanceof ApiError &&
  ['SERVICE_UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code) &&
  !isRolledBack(error)
