import type { Queryable } from '@flash-deal/db'
import { ApiError } from '@flash-deal/errors'
import { type Order, orderFrom } from '../domain/order.ts'
import { itemList, type OrderStatus, orderGet, orderListStates, orderVoid } from '../gen/queries.ts'

/** Stores the id as void unless it is an order; returns what stands then, in a second statement. */
export const voidUnlessOrder = async (db: Queryable, id: string): Promise<OrderStatus> => {
  await orderVoid(db, { ids: [id] })
  const [row] = await orderListStates(db, { ids: [id] })
  if (!row) throw new Error(`Order ${id} is neither void nor an order.`)
  return row.status
}

/** @throws ApiError NOT_FOUND where there is none */
export const readOrder = async (db: Queryable, id: string): Promise<Order> => {
  const row = await orderGet(db, { id })
  if (!row) throw new ApiError('NOT_FOUND')
  return orderFrom(row, await itemList(db, { order_id: id }))
}

/** @throws ApiError NOT_FOUND, or FORBIDDEN where it is another's */
export const readOwnOrder = async (db: Queryable, id: string, userId: string): Promise<Order> => {
  const order = await readOrder(db, id)
  if (order.user_id !== userId) throw new ApiError('FORBIDDEN')
  return order
}
