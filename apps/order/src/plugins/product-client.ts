import { ApiError, type ErrorCode, NotStarted } from '@flash-deal/errors'
import type { CallContext } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Attempt } from '../domain/attempt.ts'
import type { DraftLine } from '../domain/draft.ts'
import type { ProductTransport, ReservationResult } from '../scenarios/h1-product-transport/seam.ts'

export type GrantedLine = DraftLine & { product_name: string; unit_price: number }

/** Product has rejected the order and holds no stock. After any other error the outcome is unknown. */
export class Refusal extends ApiError {}

/** Product was not called, or has started nothing: an earlier attempt of the id is not affected. */
export class ReservationNotStarted extends Refusal {}

/** With a key, the id may already have a reservation. */
export type Reserving = Pick<Attempt, 'orderId' | 'userId' | 'draft' | 'key' | 'deadline' | 'trace'>

export type ProductClient = {
  /** @throws Refusal, such as ReservationNotStarted, or ApiError if the outcome is unknown */
  reserve(attempt: Reserving): Promise<GrantedLine[]>
  /** Resolves when product has acknowledged. */
  release(orderId: string, context: CallContext): Promise<void>
  confirm(orderIds: string[], context: CallContext): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance {
    productClient: ProductClient
  }
}

/** The client of product, which owns the stock. */
export const productClient = fp(
  async (app: FastifyInstance) => {
    const guarded = app.guardProductClient(clientOf(app.productTransport))
    app.decorate('productClient', app.withSoldOut(guarded))
  },
  {
    name: 'product-client',
    dependencies: ['h1-product-transport', 'm5-circuit-breaker', 'm7-sold-out'],
  },
)

const clientOf = (transport: ProductTransport): ProductClient => ({
  async reserve({ orderId, userId, draft, deadline, trace }) {
    const reservation = { order_id: orderId, user_id: userId, lines: draft.lines }
    const result = await transport.reserve(reservation, { deadline, trace }).catch(asNotStarted)
    return grantedLines(result)
  },

  release: (orderId, context) => transport.release(orderId, context),
  confirm: (orderIds, context) => transport.confirm(orderIds, context),
})

const asNotStarted = (error: unknown): never => {
  if (!(error instanceof NotStarted)) throw error
  throw new ReservationNotStarted(error.code, { message: error.message, cause: error })
}

/** Reasons of product for which clients get another error code. */
const ownCodes: Readonly<Record<string, ErrorCode>> = {
  // The order id was released by another attempt with the same key, or by the sweeper.
  RESERVATION_RELEASED: 'IDEMPOTENCY_IN_PROGRESS',
}

const grantedLines = (result: ReservationResult): GrantedLine[] => {
  if (result.outcome === 'granted' && result.lines) return result.lines
  if (result.reason === 'NOT_STARTED') throw new ReservationNotStarted('SERVICE_UNAVAILABLE')
  if (result.outcome !== 'refused' || !result.reason) throw new ApiError('SERVICE_UNAVAILABLE')
  throw new Refusal(ownCodes[result.reason] ?? (result.reason as ErrorCode), {
    ...(result.message && { message: result.message }),
    ...(result.details && { details: result.details }),
  })
}
