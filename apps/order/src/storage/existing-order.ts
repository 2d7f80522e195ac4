import type { Queryable } from '@flash-deal/db'
import { ApiError } from '@flash-deal/errors'
import type { Attempt } from '../domain/attempt.ts'
import { type Order, orderFrom } from '../domain/order.ts'
import {
  claimGet,
  itemList,
  type OrderStatus,
  orderGet,
  orderListStates,
  orderVoid,
} from '../gen/queries.ts'

/** The number of attempts to store and read ids; an old one is deleted between the two at most once. */
const attemptsMax = 3

/**
 * Stores the ids that are not orders as void, permanently. Returns the stored rows by id, read in a
 * second statement. Retention may delete an old void id in between: then it is stored again.
 * @throws ApiError SERVICE_UNAVAILABLE if an id is neither void nor an order after all attempts
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

/**
 * Like `voidUnlessOrders`, for one id; returns its state.
 * @throws as `voidUnlessOrders` does
 */
export const voidUnlessOrder = async (db: Queryable, id: string): Promise<OrderStatus> =>
  (await voidUnlessOrders(db, [id])).get(id) ?? 'void'

/** @throws ApiError NOT_FOUND if there is none */
export const readOrder = async (db: Queryable, id: string): Promise<Order> => {
  const row = await orderGet(db, { id })
  if (!row) throw new ApiError('NOT_FOUND')
  return orderFrom(row, await itemList(db, { order_id: id }))
}

/** @throws ApiError NOT_FOUND, or FORBIDDEN if it belongs to another user */
export const readOwnOrder = async (db: Queryable, id: string, userId: string): Promise<Order> => {
  const order = await readOrder(db, id)
  if (order.user_id !== userId) throw new ApiError('FORBIDDEN')
  return order
}

/**
 * The bytes of the response to an attempt whose order exists already. Under a key, the response that
 * was stored with the order is repeated, although the order may have been cancelled since.
 * @throws ApiError NOT_FOUND if there is no order of this id
 */
export const existingResponse = async (
  db: Queryable,
  { userId: user_id, key, serialize }: Pick<Attempt, 'userId' | 'key' | 'serialize'>,
  id: string,
): Promise<string> => {
  const claim = key === undefined ? undefined : await claimGet(db, { user_id, key })
  if (claim?.order_id === id && claim.answer !== null) return claim.answer
  return serialize(await readOrder(db, id))
}
