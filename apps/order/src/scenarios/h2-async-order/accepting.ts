import type { Database } from '@flash-deal/db'
import type { NewEvent } from '@flash-deal/messaging'
import { Batches, Deadline } from '@flash-deal/service'
import type { Attempt } from '../../domain/attempt.ts'
import { logKeyOf } from '../../domain/draft.ts'
import type { GrantedLine } from '../../plugins/product-client.ts'
import { type NewOrder, newOrderFrom, settledAlready } from '../m8-order-inserts/new-order.ts'
import { acceptAtOnce } from './accept-at-once.ts'
import type { StorePending, TakeOrderOptions } from './seam.ts'

/** Maximum number of orders in a batch. */
const sizeMax = 200

/** All orders wait in one queue, because no two of them need the same row. */
const queue = 'orders'

type Accept = (
  attempt: Attempt,
  lines: readonly GrantedLine[],
  stock: { isReserved: boolean },
) => Promise<string>

/**
 * Stores all waiting orders as pending with one statement, and appends them to Kafka. The response
 * waits for the commit, not for Kafka: the recovery appends orders again that did not reach it.
 */
export const accepting = (options: TakeOrderOptions): Accept => {
  const { app, store = storeInBatches(options) } = options
  const count = app.witness('H2', 'accepted')
  return async (attempt, lines, { isReserved }) => {
    const answer = await store(newOrderFrom(attempt, lines))
    count()
    app.countOrder('accepted')
    app.pendingOrders.append(eventFrom(attempt, isReserved))
    return answer
  }
}

const storeInBatches = ({ app, queueMax, timeoutMs }: TakeOrderOptions): StorePending => {
  const observe = app.batchSizes('accepted_orders')
  const batches = new Batches({
    ...{ name: 'H2 batch', queueMax, timeoutMs, sizeMax },
    work: (_queue, orders: readonly NewOrder[]) => {
      observe(orders.length)
      return storePending(app.db, orders)
    },
  })
  app.addHook('onClose', () => batches.close())
  return (order) => batches.add(queue, order, order.attempt.deadline)
}

/** The response for each order, or its error. */
export const storePending = async (
  db: Database,
  orders: readonly NewOrder[],
): Promise<Promise<string>[]> => {
  const latest = Deadline.latestOf(orders.map(({ attempt }) => attempt.deadline))
  const answers = await acceptAtOnce(db.by(latest), orders)
  return orders.map(async (order) => {
    const answer = answers.get(order)
    if (answer === undefined) throw settledAlready(order)
    return answer
  })
}

const eventFrom = (
  { orderId, userId, draft, trace }: Attempt,
  is_reserved: boolean,
): NewEvent<'order.accepted'> => ({
  type: 'order.accepted',
  key: logKeyOf(draft),
  data: { order_id: orderId, user_id: userId, is_reserved, lines: draft.lines },
  trace,
})
