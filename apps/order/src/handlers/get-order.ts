import type { OrderOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { readOwnOrder } from '../plugins/standing-order.ts'

export const getOrder: Handler<OrderOperations['getOrder']> = ({ server, params, userId }) =>
  readOwnOrder(server, params.order_id, userId)
