import type { NewEvent } from '@flash-deal/messaging'
import { Batches, Deadline } from '@flash-deal/service'
import type { Attempt } from '../../domain/attempt.ts'
import { logKeyOf } from '../../domain/draft.ts'
import type { GrantedLine } from '../../plugins/product-client.ts'
import { type NewOrder, newOrderFrom, settledAlready } from '../m8-order-inserts/new-order.ts'
import { acceptAtOnce } from './accept-at-once.ts'
import type { TakeOrderOptions } from './seam.ts'

/** Orders in a batch at most. */
const sizeMax = 200

/** All orders wait in one queue: no two of them need the same row. */
const queue = 'orders'

type Accept = (
  attempt: Attempt,
  lines: readonly GrantedLine[],
  stock: { isReserved: boolean },
) => Promise<string>

/**
 * Stores orders as pending, all that wait by one statement, and appends them to the log. The answer
 * waits for the commit and not for the log: what never reaches it is appended again by the recovery.
 */
export const accepting = ({ app, ...limits }: TakeOrderOptions): Accept => {
  const count = app.witness('H2', 'accepted')
  const batches = new Batches({
    ...{ ...limits, sizeMax },
    work: async (_queue, orders: readonly NewOrder[]) => {
      const latest = Deadline.latestOf(orders.map(({ attempt }) => attempt.deadline))
      const answers = await acceptAtOnce(app.db.by(latest), orders)
      return orders.map((order) => answers.get(order) ?? Promise.reject(settledAlready(order)))
    },
  })
  app.addHook('onClose', () => batches.close())
  return async (attempt, lines, { isReserved }) => {
    const order = newOrderFrom(attempt, lines)
    const answer = await batches.add(queue, order, attempt.deadline)
    count()
    app.pendingOrders.append(eventFrom(attempt, isReserved))
    return answer
  }
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
