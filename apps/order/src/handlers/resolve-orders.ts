import type { OrderOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { outcomeOf } from '../domain/order.ts'
import { type OrderStatus, orderListStates, orderVoid } from '../gen/queries.ts'

/** Unknown ids become void first, for good; then, in a second statement, what stands is read. */
export const resolveOrders: Handler<OrderOperations['resolveOrders']> = async ({ db, body }) => {
  const ids = body.order_ids.map((id) => id.toLowerCase())
  await orderVoid(db, { ids })
  const rows = await orderListStates(db, { ids })
  const states = new Map(rows.map(({ id, status }) => [id, status]))
  return { results: ids.map((id) => ({ order_id: id, outcome: outcomeFrom(states.get(id)) })) }
}

const outcomeFrom = (status: OrderStatus | undefined) => {
  if (status === undefined) throw new Error('An id is neither void nor an order.')
  return outcomeOf[status]
}
