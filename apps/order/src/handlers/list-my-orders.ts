import type { OrderOperations } from '@flash-deal/contracts'
import { type Handler, timeFrom } from '@flash-deal/service'
import { orderCount } from '../gen/queries.ts'

export const listMyOrders: Handler<OrderOperations['listMyOrders']> = async ({
  server,
  db,
  query,
  userId,
}) => {
  const { page = 1, size = 20, status = null, created_from, created_to } = query
  const filter = {
    user_id: userId,
    status,
    created_from: created_from === undefined ? null : timeFrom('created_from', created_from),
    created_to: created_to === undefined ? null : timeFrom('created_to', created_to),
  }
  const [items, counted] = await Promise.all([
    server.ordersOf(db, { ...filter, size, skip: (page - 1) * size }),
    orderCount(db, filter),
  ])
  return { items, total: counted?.total ?? 0, page, size }
}
