import type { Queries, Queryable } from '@flash-deal/db'
import { ApiError } from '@flash-deal/errors'
import { Batches, Deadline } from '@flash-deal/service'
import { claimAnswerEach, itemCreate, orderCreateEach, outboxAddEach } from '../../gen/queries.ts'
import { storeOne } from './baseline.ts'
import { answerOf, itemColumns, type NewOrder, newOrderFrom, settledAlready } from './new-order.ts'
import type { OrderStore, OrderStoreOptions } from './seam.ts'

/** Orders in a batch at most. */
const sizeMax = 200

/** All orders wait in one queue: none is about a row that another has to have. */
const queue = 'orders'

/** A single writer: one transaction stores all orders that wait, and is answered after its commit. */
export const storeTogether = ({ app, ...limits }: OrderStoreOptions): OrderStore => {
  const [countBatch, countOrder] = [app.witness('M8', 'batch'), app.witness('M8', 'batched')]

  const work = async (_queue: string, orders: readonly NewOrder[]) => {
    countBatch()
    for (const _ of orders) countOrder()
    try {
      // What one of them has no time for any more, the others still do.
      const latest = Deadline.latestOf(orders.map(({ attempt }) => attempt.deadline))
      const answers = await storeAll(app.db.by(latest), orders)
      return orders.map((order) => answers.get(order) ?? Promise.reject(settledAlready(order)))
    } catch (error) {
      // What one of them has of its own may be why: nothing of the batch is stored.
      if (isOutcomeUnknown(error)) throw error
      return orders.map((order) => storeOne(order.attempt.db, order))
    }
  }

  const batches = new Batches({ ...limits, sizeMax, work })
  app.addHook('onClose', () => batches.close())
  return (attempt, lines) => batches.add(queue, newOrderFrom(attempt, lines), attempt.deadline)
}

const isOutcomeUnknown = (error: unknown): boolean =>
  error instanceof ApiError && ['SERVICE_UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code)

/** An answer for each that was stored; none where the id is settled already. */
const storeAll = (db: Queries, orders: readonly NewOrder[]): Promise<Map<NewOrder, string>> =>
  db.transaction(async (tx) => {
    const created = new Map((await create(tx, orders)).map((row) => [row.id, row]))
    const answers = new Map<NewOrder, string>()
    for (const order of orders) {
      const row = created.get(order.row.id)
      // Of two attempts under one id, the first has it.
      created.delete(order.row.id)
      if (row) answers.set(order, answerOf(order, row))
    }
    await complete(tx, answers)
    return answers
  })

const create = (tx: Queryable, orders: readonly NewOrder[]) => {
  const rows = orders.map(({ row }) => row)
  return orderCreateEach(tx, {
    ids: rows.map(({ id }) => id),
    user_ids: rows.map(({ user_id }) => user_id),
    total_amounts: rows.map(({ total_amount }) => total_amount),
    shipping_addresses: rows.map(({ shipping_address }) =>
      shipping_address === null ? '' : JSON.stringify(shipping_address),
    ),
  })
}

/** Items, events and the answers to their keys. */
const complete = async (tx: Queryable, answers: ReadonlyMap<NewOrder, string>): Promise<void> => {
  const orders = [...answers.keys()]
  const keyed = [...answers].flatMap(
    ([
      {
        attempt: { key },
        row,
      },
      answer,
    ]) => (key === undefined ? [] : { ...row, key, answer }),
  )
  await Promise.all([
    itemCreate(tx, itemColumns(orders)),
    outboxAddEach(tx, { order_ids: orders.map(({ row }) => row.id), kind: 'confirmed' }),
    claimAnswerEach(tx, {
      user_ids: keyed.map(({ user_id }) => user_id),
      keys: keyed.map(({ key }) => key),
      order_ids: keyed.map(({ id }) => id),
      answers: keyed.map(({ answer }) => answer),
    }),
  ])
}
