import type { OrderOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { outcomeOf } from '../domain/order.ts'
import { voidUnlessOrders } from '../storage/existing-order.ts'

/** Marks unknown ids as void, permanently; then reads the existing orders. */
export const resolveOrders: Handler<OrderOperations['resolveOrders']> = async ({ db, body }) => {
  const ids = body.order_ids.map((id) => id.toLowerCase())
  const states = await voidUnlessOrders(db, ids)
  return {
    results: ids.map((id) => ({ order_id: id, outcome: outcomeOf[states.get(id) ?? 'void'] })),
  }
}
