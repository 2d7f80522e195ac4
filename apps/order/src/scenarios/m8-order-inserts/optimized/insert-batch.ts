import { randomInt } from 'node:crypto'
import type { Queryable } from '@flash-deal/db'
import { storedTraceparent } from '@flash-deal/telemetry'
import { orderStore } from '../../../gen/queries.ts'
import { answerOf, itemColumns, type NewOrder } from '../new-order.ts'

/**
 * The placeholder of the creation time in a response that is serialized before the order is stored.
 * PostgreSQL replaces it, so that a response needs no second statement. Clients never see it, so they
 * cannot send it. Its year, from 1000 to 1999, has four digits, like the current one.
 */
const [from, to] = [Date.UTC(1000, 0), Date.UTC(2000, 0)] as const
const placeholder = new Date(from + (randomInt(2 ** 47) % (to - from)))
const placeholderText = placeholder.toISOString()

/**
 * Inserts all orders with one statement, which is its own transaction.
 *
 * @returns the response of each inserted order; absent if the id is already an order or void, or is that
 * of an earlier order in the batch
 */
export const insertBatch = (
  db: Queryable,
  orders: readonly NewOrder[],
): Promise<Map<NewOrder, string>> =>
  storedTogether(orders, 'confirmed', (columns, stored) =>
    orderStore(db, { ...columns, traceparents: stored.map(traceparentOf) }),
  )

/** An empty text means no trace: sqlc cannot declare arrays of nullable values. */
const traceparentOf = ({ attempt }: NewOrder): string =>
  storedTraceparent(attempt.trace.traceparent) ?? ''

type Columns = Omit<Parameters<typeof orderStore>[1], 'traceparents'>

/** Like `insertBatch`, with the statement `store`, which inserts the orders with this status. */
export const storedTogether = async (
  orders: readonly NewOrder[],
  status: 'confirmed' | 'pending',
  store: (
    columns: Columns,
    stored: readonly NewOrder[],
  ) => Promise<readonly { id: string; created_at: string }[]>,
): Promise<Map<NewOrder, string>> => {
  const byId = firstOfEach(orders)
  const first = [...byId.values()]
  const answers = first.map((order) =>
    answerOf(order, { created_at: placeholder, updated_at: placeholder }, status),
  )
  const stored = await store({ ...orderColumns(first, answers), ...lineColumns(first) }, first)
  const answerById = new Map(first.map(({ row }, index) => [row.id, answers[index] ?? '']))
  return new Map(
    stored.flatMap(({ id, created_at }) => {
      const order = byId.get(id)
      const answer = answerById.get(id)?.replaceAll(placeholderText, created_at)
      return order && answer !== undefined ? [[order, answer] as const] : []
    }),
  )
}

/** Of two attempts with one id, the first one counts. */
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
