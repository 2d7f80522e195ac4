import { randomInt } from 'node:crypto'
import type { Database, Queryable } from '@flash-deal/db'
import { Deadline } from '@flash-deal/service'
import type { orderAccept } from '../gen/queries.ts'
import { answerOf, itemColumns, type NewOrder, settledAlready } from './new-order.ts'

/**
 * The placeholder of the creation time in a response that is serialized before the order is stored.
 * PostgreSQL replaces it, so that a response needs no second statement. Clients never see it, so they
 * cannot send it. Its year, from 1000 to 1999, has four digits, like the current one.
 */
const [from, to] = [Date.UTC(1000, 0), Date.UTC(2000, 0)] as const
const placeholder = new Date(from + (randomInt(2 ** 47) % (to - from)))
const placeholderText = placeholder.toISOString()

/** Inserts these orders. Returns the id and the creation time of each order that is inserted. */
export type InsertStatement = (
  db: Queryable,
  columns: Parameters<typeof orderAccept>[1],
  orders: readonly NewOrder[],
) => Promise<readonly { id: string; created_at: string }[]>

/**
 * Inserts all orders with one statement, which is its own transaction. Its deadline is the latest one of
 * the orders: an expired one does not cancel the others.
 *
 * @returns the response of each order, in the same order; it rejects if the id is already an order or
 * void, or is that of an earlier order in the batch
 * @throws ApiError if the statement fails
 */
export const insertOrders = async (
  db: Database,
  orders: readonly NewOrder[],
  status: 'confirmed' | 'pending',
  insert: InsertStatement,
): Promise<Promise<string>[]> => {
  const latest = Deadline.latestOf(orders.map(({ attempt }) => attempt.deadline))
  const answers = await insertFirst(db.by(latest), orders, status, insert)
  return orders.map(async (order) => {
    const answer = answers.get(order)
    if (answer === undefined) throw settledAlready(order)
    return answer
  })
}

/** The response of each inserted order: of two attempts with one id, only the first is inserted. */
const insertFirst = async (
  db: Queryable,
  orders: readonly NewOrder[],
  status: 'confirmed' | 'pending',
  insert: InsertStatement,
): Promise<Map<NewOrder, string>> => {
  const byId = firstOfEach(orders)
  const first = [...byId.values()]
  const answers = first.map((order) =>
    answerOf(order, { created_at: placeholder, updated_at: placeholder }, status),
  )
  const columns = { ...orderColumns(first, answers), ...lineColumns(first) }
  const inserted = await insert(db, columns, first)
  const answerById = new Map(first.map(({ row }, index) => [row.id, answers[index] ?? '']))
  return new Map(
    inserted.flatMap(({ id, created_at }) => {
      const order = byId.get(id)
      const answer = answerById.get(id)?.replaceAll(placeholderText, created_at)
      return order && answer !== undefined ? [[order, answer] as const] : []
    }),
  )
}

const firstOfEach = (orders: readonly NewOrder[]): Map<string, NewOrder> => {
  const first = new Map<string, NewOrder>()
  for (const order of orders) if (!first.has(order.row.id)) first.set(order.row.id, order)
  return first
}

const orderColumns = (orders: readonly NewOrder[], answers: readonly string[]) => ({
  ids: orders.map(({ row }) => row.id),
  user_ids: orders.map(({ row }) => row.user_id),
  total_amounts: orders.map(({ row }) => row.total_amount),
  shipping_addresses: orders.map(({ row: { shipping_address } }) =>
    shipping_address === null ? '' : JSON.stringify(shipping_address),
  ),
  keys: orders.map(({ attempt }) => attempt.key ?? ''),
  answers: [...answers],
  placeholder: placeholderText,
})

const lineColumns = (orders: readonly NewOrder[]) => {
  const { order_ids: item_order_ids, ids: item_ids, ...rest } = itemColumns(orders)
  return { item_order_ids, item_ids, ...rest }
}
