import { cancelOrder } from './cancel-order.ts'
import { createOrder } from './create-order.ts'
import { getOrder } from './get-order.ts'
import { listMyOrders } from './list-my-orders.ts'
import { orderEvents } from './order-events.ts'
import { resolveOrders } from './resolve-orders.ts'

export const handlers = {
  cancelOrder,
  createOrder,
  getOrder,
  listMyOrders,
  orderEvents,
  resolveOrders,
}
