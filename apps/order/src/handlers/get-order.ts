import type { OrderOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { readOwnOrder } from '../storage/existing-order.ts'

export const getOrder: Handler<OrderOperations['getOrder']> = ({ db, params, userId }) =>
  readOwnOrder(db, params.order_id, userId)
