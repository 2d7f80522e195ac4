import { Batches } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import type { NewOrder } from './new-order.ts'

export type OrderBatchesOptions = {
  app: FastifyInstance
  /** The name of the span of each batch. */
  name: string
  /** The label of the batches in the histogram of their sizes. */
  kind: string
  /** The maximum number of waiting orders. */
  queueMax: number
  /** The maximum time of an order in the queue and in the database, in milliseconds. */
  timeoutMs: number
  /** Stores the orders of a batch. The results have the same order. */
  store: (orders: readonly NewOrder[]) => Promise<readonly Promise<string>[]>
}

/** The maximum number of orders in a batch. */
const sizeMax = 200

/** All orders wait in one queue, because no two of them need the same row. */
const queue = 'orders'

/**
 * A single writer: stores all waiting orders together. The returned function adds an order and resolves
 * to the bytes of its response, after the commit.
 */
export const orderBatches = ({
  app,
  kind,
  store,
  ...limits
}: OrderBatchesOptions): ((order: NewOrder) => Promise<string>) => {
  const observe = app.batchSizes(kind)
  const work = (_queue: string, orders: readonly NewOrder[]) => {
    observe(orders.length)
    return store(orders)
  }
  const batches = new Batches({ ...limits, sizeMax, work })
  app.addHook('onClose', () => batches.close())
  return (order) => batches.add(queue, order, order.attempt.deadline)
}
