import { Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Attempt } from '../domain/attempt.ts'
import { settlingMs } from '../domain/settling-time.ts'
import { claimEndLease } from '../gen/queries.ts'
import { existingResponse, voidUnlessOrder } from '../storage/existing-order.ts'
import { Refusal, ReservationNotStarted } from './product-client.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Places or accepts the order, and returns the bytes of the response after the commit. */
    placeOrder(attempt: Attempt): Promise<string>
  }
}

/** Places an order, or compensates the attempt so that no stock is lost and no reservation is left. */
export const placing = fp(
  async (app: FastifyInstance) => {
    app.decorate('placeOrder', async (attempt: Attempt) => {
      try {
        return await place(app, attempt)
      } catch (error) {
        app.countFailedOrder(error)
        throw error
      }
    })
  },
  {
    name: 'placing',
    dependencies: ['database', 'product-client', 'order-outcomes', 'h2-async-order'],
  },
)

const place = async (app: FastifyInstance, attempt: Attempt): Promise<string> => {
  try {
    return await app.takeOrder(attempt)
  } catch (error) {
    // Without a key no client can retry this id, and product has stored nothing under it.
    if (error instanceof Refusal && attempt.key === undefined) throw error
    // The id has the same row as before; there is nothing to void or to release.
    if (error instanceof ReservationNotStarted) {
      await endLease(app, attempt)
      throw error
    }
    const existing = await compensate(app, attempt)
    if (existing !== undefined) return existing
    throw error
  }
}

/**
 * Voids the id, then releases the reservation, with a separate timeout: the deadline of the request
 * may have expired. If an order is stored under the id, it is the result. If the void row cannot be
 * stored, the reservation is not released: the sweep settles it.
 */
const compensate = async (app: FastifyInstance, attempt: Attempt): Promise<string | undefined> => {
  const { orderId, trace } = attempt
  try {
    const state = await voidUnlessOrder(app.db, orderId)
    if (state !== 'void') return await existingResponse(app.db, attempt, orderId)
    await app.productClient.release(orderId, { deadline: Deadline.in(settlingMs), trace })
    await endLease(app, attempt)
  } catch (error) {
    app.causeLog.write(app.log, error, 'An attempt is left to the sweeper', { order_id: orderId })
  }
  return undefined
}

/**
 * Ends the lease early, so that the next attempt under the key does not have to wait. If that
 * fails, the next attempt waits for the end of the lease.
 */
const endLease = async (app: FastifyInstance, attempt: Attempt): Promise<void> => {
  const { orderId: order_id, userId: user_id, key } = attempt
  if (key === undefined) return
  await claimEndLease(app.db, { user_id, key, order_id }).catch((err: unknown) =>
    app.log.warn({ err, order_id }, 'The lease of an Idempotency-Key could not be ended early'),
  )
}
