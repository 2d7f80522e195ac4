import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Attempt } from '../domain/attempt.ts'
import { claimStateOf } from '../domain/claim.ts'
import { digestOf } from '../domain/draft.ts'
import {
  type ClaimGetRow,
  claimCreate,
  claimGet,
  claimTakeOver,
  orderListStates,
} from '../gen/queries.ts'
import { readOrder } from './standing-order.ts'

/** The answer that a key has already, or the order id under which its holder may try. */
export type Claim = { answer: string } | { orderId: string }

type KeyedAttempt = Attempt & { key: string }

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Claims an Idempotency-Key for one attempt.
     * @throws ApiError IDEMPOTENCY_MISMATCH, IDEMPOTENCY_IN_PROGRESS
     */
    claimKey(attempt: KeyedAttempt): Promise<Claim>
  }
}

/** Idempotency keys: one order a key, whatever crashes, however often it is sent. */
export const claims = fp(
  async (app: FastifyInstance, { leaseMs }: { leaseMs: number }) => {
    app.decorate('claimKey', async (attempt: KeyedAttempt): Promise<Claim> => {
      const { db, userId: user_id, key, orderId } = attempt
      const body_digest = digestOf(attempt.draft)
      const row = { user_id, key, body_digest, order_id: orderId, lease_ms: leaseMs }
      if ((await claimCreate(db, row)) === 1) return { orderId }
      const standing = await claimGet(db, { user_id, key })
      if (!standing) throw new Error('A claim stood a moment ago; claims are never deleted.')
      if (!body_digest.equals(standing.body_digest)) throw new ApiError('IDEMPOTENCY_MISMATCH')
      const claim = claimStateOf(standing)
      if (claim.state === 'answered') return { answer: claim.answer }
      if (claim.state === 'leased') throw new ApiError('IDEMPOTENCY_IN_PROGRESS')
      return takeOver(app, attempt, standing, leaseMs)
    })
  },
  { name: 'claims', dependencies: ['database', 'e1-uuid-v7', 'product-client'] },
)

/**
 * The attempt before is over, or dead. Its order id is used again, so that product recognises it;
 * if the id is void, a new one, but only when product has acknowledged the release of the old.
 */
const takeOver = async (
  app: FastifyInstance,
  attempt: KeyedAttempt,
  standing: ClaimGetRow,
  leaseMs: number,
): Promise<Claim> => {
  const { db } = attempt
  const read = standing.order_id
  const [row] = await orderListStates(db, { ids: [read] })
  if (row && row.status !== 'void') return { answer: attempt.serialize(await readOrder(db, read)) }
  if (row) await app.productClient.release(read, attempt)
  const orderId = row ? app.newId() : read
  const claim = { user_id: attempt.userId, key: attempt.key, read_order_id: read }
  const taken = await claimTakeOver(db, { ...claim, order_id: orderId, lease_ms: leaseMs })
  if (taken === 0) throw new ApiError('IDEMPOTENCY_IN_PROGRESS')
  return { orderId }
}
