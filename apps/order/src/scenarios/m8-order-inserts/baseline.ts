import type { Queries } from '@flash-deal/db'
import { storedTraceparent } from '@flash-deal/telemetry'
import { claimAnswer, itemCreate, orderCreate, outboxAdd } from '../../gen/queries.ts'
import {
  answerOf,
  itemColumns,
  type NewOrder,
  newOrderFrom,
  settledAlready,
} from '../../storage/new-order.ts'
import type { OrderStore, OrderStoreOptions } from './seam.ts'

/** A transaction for each order. */
export const storeEach = ({ app }: OrderStoreOptions): OrderStore => {
  const count = app.witness('M8', 'each')
  return (attempt, lines) => {
    count()
    return storeOne(attempt.db, newOrderFrom(attempt, lines))
  }
}

/** Inserts the order, its items, its event and the response of its key in one transaction. */
export const storeOne = (db: Queries, order: NewOrder): Promise<string> =>
  db.transaction(async (tx) => {
    const { attempt, row } = order
    const created = await orderCreate(tx, row)
    if (!created) throw settledAlready(order)
    await itemCreate(tx, itemColumns([order]))
    const traceparent = storedTraceparent(attempt.trace.traceparent)
    await outboxAdd(tx, { order_id: row.id, kind: 'confirmed', traceparent })
    const answer = answerOf(order, created)
    const { key } = attempt
    if (key !== undefined) {
      await claimAnswer(tx, { user_id: row.user_id, key, order_id: row.id, answer })
    }
    return answer
  })
