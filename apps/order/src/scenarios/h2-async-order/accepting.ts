import type { Database } from '@flash-deal/db'
import type { NewEvent } from '@flash-deal/messaging'
import type { Attempt } from '../../domain/attempt.ts'
import { logKeyOf } from '../../domain/draft.ts'
import { orderAccept } from '../../gen/queries.ts'
import type { GrantedLine } from '../../plugins/product-client.ts'
import { insertOrders } from '../../storage/insert-orders.ts'
import { type NewOrder, newOrderFrom } from '../../storage/new-order.ts'
import { orderBatches } from '../../storage/order-batches.ts'
import type { StorePending, TakeOrderOptions } from './seam.ts'

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

const storeInBatches = ({ app, queueMax, timeoutMs }: TakeOrderOptions): StorePending =>
  orderBatches({
    ...{ app, name: 'H2 batch', kind: 'accepted_orders', queueMax, timeoutMs },
    store: (orders) => storePending(app.db, orders),
  })

/** The response for each order, or its error. */
export const storePending = (
  db: Database,
  orders: readonly NewOrder[],
): Promise<Promise<string>[]> => insertOrders(db, orders, 'pending', orderAccept)

const eventFrom = (
  { orderId, userId, draft, trace }: Attempt,
  is_reserved: boolean,
): NewEvent<'order.accepted'> => ({
  type: 'order.accepted',
  key: logKeyOf(draft),
  data: { order_id: orderId, user_id: userId, is_reserved, lines: draft.lines },
  trace,
})
