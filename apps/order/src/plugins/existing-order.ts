import type { Queryable } from '@flash-deal/db'
import { ApiError } from '@flash-deal/errors'
import { type Order, orderFrom } from '../domain/order.ts'
import { itemList, type OrderStatus, orderGet, orderListStates, orderVoid } from '../gen/queries.ts'

/** How often ids are stored and read; an old one is deleted between the two once at most. */
const attemptsMax = 3

/**
 * Stores those of the ids as void, for good, that are not orders; returns what stands then, by id,
 * read in a second statement. One that was void for long may be deleted in between: it is stored again.
 * @throws ApiError SERVICE_UNAVAILABLE where one is neither void nor an order after all
 */
export const voidUnlessOrders = async (
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OrderStatus>> => {
  const states = new Map<string, OrderStatus>()
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const open = ids.filter((id) => !states.has(id))
    await orderVoid(db, { ids: open })
    for (const { id, status } of await orderListStates(db, { ids: open })) states.set(id, status)
    if (ids.every((id) => states.has(id))) return states
  }
  throw new ApiError('SERVICE_UNAVAILABLE')
}

/** The same for one id; returns what stands under it. @throws as `voidUnlessOrders` does */
export const voidUnlessOrder = async (db: Queryable, id: string): Promise<OrderStatus> =>
  (await voidUnlessOrders(db, [id])).get(id) ?? 'void'

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
