import type { Queryable } from '@flash-deal/db'
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
import { existingResponse } from '../storage/existing-order.ts'

/** The stored response of a key, or the order id for the attempt that holds the claim. */
export type Claim = { answer: string } | { orderId: string }

/** The number of attempts to store or read a claim; it is deleted between the two at most once. */
const attemptsMax = 3

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

/** Idempotency keys: one order per key within the age of claims, despite crashes and retries. */
export const claims = fp(
  async (app: FastifyInstance, { leaseMs }: { leaseMs: number }) => {
    app.decorate('claimKey', async (attempt: KeyedAttempt): Promise<Claim> => {
      const { db, userId: user_id, key, orderId } = attempt
      const body_digest = digestOf(attempt.draft)
      const row = { user_id, key, body_digest, order_id: orderId, lease_ms: leaseMs }
      const existing = await createOrGet(db, row)
      if (!existing) return { orderId }
      if (!body_digest.equals(existing.body_digest)) throw new ApiError('IDEMPOTENCY_MISMATCH')
      const claim = claimStateOf(existing)
      if (claim.state === 'answered') return { answer: claim.answer }
      if (claim.state === 'leased') throw new ApiError('IDEMPOTENCY_IN_PROGRESS')
      return takeOver(app, attempt, existing, leaseMs)
    })
  },
  { name: 'claims', dependencies: ['database', 'e1-uuid-v7', 'product-client'] },
)

/** Returns the existing claim, if there is one. Retention may delete it concurrently. */
const createOrGet = async (
  db: Queryable,
  row: Parameters<typeof claimCreate>[1],
): Promise<ClaimGetRow | undefined> => {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    if ((await claimCreate(db, row)) === 1) return undefined
    const existing = await claimGet(db, row)
    if (existing) return existing
  }
  throw new ApiError('IDEMPOTENCY_IN_PROGRESS')
}

/**
 * Continues after a previous attempt that ended or crashed. Its order id is reused, so that product
 * recognises it. If the id is void, a new id is used, but only after product has acknowledged the
 * release of the old one.
 */
const takeOver = async (
  app: FastifyInstance,
  attempt: KeyedAttempt,
  existing: ClaimGetRow,
  leaseMs: number,
): Promise<Claim> => {
  const { db } = attempt
  const read = existing.order_id
  const [row] = await orderListStates(db, { ids: [read] })
  if (row && row.status !== 'void') return { answer: await existingResponse(db, attempt, read) }
  if (row) await app.productClient.release(read, attempt)
  const orderId = row ? app.newId() : read
  const claim = { user_id: attempt.userId, key: attempt.key, read_order_id: read }
  const taken = await claimTakeOver(db, { ...claim, order_id: orderId, lease_ms: leaseMs })
  if (taken === 0) throw new ApiError('IDEMPOTENCY_IN_PROGRESS')
  return { orderId }
}
