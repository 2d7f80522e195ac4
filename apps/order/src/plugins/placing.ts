import { randomUUID } from 'node:crypto'
import { ApiError } from '@flash-deal/errors'
import { Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Attempt } from '../domain/attempt.ts'
import { type OrderItem, orderFrom } from '../domain/order.ts'
import { claimAnswer, claimEndLease, itemCreate, orderCreate, outboxAdd } from '../gen/queries.ts'
import { type GrantedLine, Refusal } from './product-client.ts'
import { readOrder, voidUnlessOrder } from './standing-order.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Reserves, stores, and answers after the commit, with the bytes of the answer. */
    placeOrder(attempt: Attempt): Promise<string>
  }
}

/** How long giving up may take, when the request's own time is over. */
const giveUpMs = 2_000

/** An order is placed, or the attempt is given up in a way that loses nothing and keeps nothing. */
export const placing = fp(
  async (app: FastifyInstance) => {
    app.decorate('placeOrder', async (attempt: Attempt) => {
      try {
        const lines = await app.productClient.reserve(attempt)
        return await store(app, attempt, lines)
      } catch (error) {
        // Without a key nobody can come back to this id, and product has kept nothing of it.
        if (error instanceof Refusal && attempt.key === undefined) throw error
        const standing = await giveUp(app, attempt)
        if (standing !== undefined) return standing
        throw error
      }
    })
  },
  { name: 'placing', dependencies: ['database', 'product-client'] },
)

/** The order, its items, its event and the answer to its key: all in one transaction. */
const store = (
  { db }: FastifyInstance,
  attempt: Attempt,
  lines: readonly GrantedLine[],
): Promise<string> =>
  db.transaction(async (tx) => {
    const { orderId, userId, draft, key } = attempt
    const items = lines.map((line): OrderItem => ({ ...line, id: randomUUID() }))
    const total_amount = items.reduce((sum, each) => sum + each.unit_price * each.quantity, 0)
    const row = {
      id: orderId,
      user_id: userId,
      total_amount,
      shipping_address: draft.shippingAddress,
    }
    const created = await orderCreate(tx, row)
    // The id is an order already, or void: whoever made it so was faster.
    if (!created)
      throw new ApiError(key === undefined ? 'SERVICE_UNAVAILABLE' : 'IDEMPOTENCY_IN_PROGRESS')
    await itemCreate(tx, columnsOf(orderId, items))
    await outboxAdd(tx, { order_id: orderId, kind: 'confirmed' })
    const answer = attempt.serialize(orderFrom({ ...row, ...created, ...asPlaced }, items))
    if (key !== undefined)
      await claimAnswer(tx, { user_id: userId, key, order_id: orderId, answer })
    return answer
  })

const asPlaced = {
  status: 'confirmed',
  cancelled_at: null,
  cancel_reason: null,
  reject_reason: null,
} as const

const columnsOf = (order_id: string, items: readonly OrderItem[]) => ({
  order_id,
  line_nos: items.map((_, index) => index + 1),
  ids: items.map((item) => item.id),
  product_ids: items.map((item) => item.product_id),
  deal_ids: items.map((item) => item.deal_id ?? ''),
  product_names: items.map((item) => item.product_name),
  quantities: items.map((item) => item.quantity),
  unit_prices: items.map((item) => item.unit_price),
})

/**
 * Void, then release. Where an order stands under the id, it is the answer. Where nothing can be
 * stored, nothing is released either: the sweep will settle it.
 */
const giveUp = async (app: FastifyInstance, attempt: Attempt): Promise<string | undefined> => {
  const { orderId, userId, key, trace } = attempt
  try {
    const state = await voidUnlessOrder(app.db, orderId)
    if (state !== 'void') return attempt.serialize(await readOrder(app, orderId))
    await app.productClient.release(orderId, { deadline: Deadline.in(giveUpMs), trace })
    if (key !== undefined) await claimEndLease(app.db, { user_id: userId, key, order_id: orderId })
  } catch (err) {
    app.log.warn({ err, order_id: orderId }, 'An attempt is left to the sweeper')
  }
  return undefined
}
