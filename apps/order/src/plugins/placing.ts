import { Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Attempt } from '../domain/attempt.ts'
import { settlingMs } from '../domain/settling-time.ts'
import { claimEndLease } from '../gen/queries.ts'
import { readOrder, voidUnlessOrder } from './existing-order.ts'
import { Refusal, Untouched } from './product-client.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Reserves, stores, and answers after the commit, with the bytes of the answer. */
    placeOrder(attempt: Attempt): Promise<string>
  }
}

/** An order is placed, or the attempt is given up in a way that loses nothing and keeps nothing. */
export const placing = fp(
  async (app: FastifyInstance) => {
    app.decorate('placeOrder', async (attempt: Attempt) => {
      try {
        const lines = await app.productClient.reserve(attempt)
        return await app.storeOrder(attempt, lines)
      } catch (error) {
        // Without a key nobody can come back to this id, and product has kept nothing of it.
        if (error instanceof Refusal && attempt.key === undefined) throw error
        // What stood under the id before stands there now; there is nothing to void or to release.
        if (error instanceof Untouched) {
          await endLease(app, attempt)
          throw error
        }
        const existing = await compensate(app, attempt)
        if (existing !== undefined) return existing
        throw error
      }
    })
  },
  { name: 'placing', dependencies: ['database', 'product-client', 'm8-order-inserts'] },
)

/**
 * Void, then release, in a time of their own: that of the request may be over. Where an order stands under the id, it is the answer. Where nothing can be
 * stored, nothing is released either: the sweep will settle it.
 */
const compensate = async (app: FastifyInstance, attempt: Attempt): Promise<string | undefined> => {
  const { orderId, trace } = attempt
  try {
    const state = await voidUnlessOrder(app.db, orderId)
    if (state !== 'void') return attempt.serialize(await readOrder(app.db, orderId))
    await app.productClient.release(orderId, { deadline: Deadline.in(settlingMs), trace })
    await endLease(app, attempt)
  } catch (error) {
    app.causeLog.write(app.log, error, 'An attempt is left to the sweeper', { order_id: orderId })
  }
  return undefined
}

/** The next attempt under the key need not wait; where that cannot be stored, it waits. */
const endLease = async (app: FastifyInstance, attempt: Attempt): Promise<void> => {
  const { orderId: order_id, userId: user_id, key } = attempt
  if (key === undefined) return
  await claimEndLease(app.db, { user_id, key, order_id }).catch((err: unknown) =>
    app.log.warn({ err, order_id }, 'A lease is left to its end'),
  )
}
