import type { Settings } from '@flash-deal/config'
import { documents, type ProductOperations } from '@flash-deal/contracts'
import { ApiError, type ErrorCode, NotStarted } from '@flash-deal/errors'
import { type CallContext, Upstream } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Attempt } from '../domain/attempt.ts'
import type { DraftLine } from '../domain/draft.ts'

export type GrantedLine = DraftLine & { product_name: string; unit_price: number }

/** Product said no, and has kept nothing. Everything else that is thrown leaves the outcome open. */
export class Refusal extends ApiError {}

/** Product was not asked, or has begun nothing: what stands under the id stands as it did before. */
export class Untouched extends Refusal {}

export type ProductClient = {
  /** @throws Refusal, of which Untouched is one, or ApiError where the outcome is unknown */
  reserve(attempt: Attempt): Promise<GrantedLine[]>
  /** Resolves when product has acknowledged. */
  release(orderId: string, context: CallContext): Promise<void>
  confirm(orderIds: string[], context: CallContext): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance {
    productClient: ProductClient
  }
}

/** Product, which owns the stock. */
export const productClient = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'order'> }) => {
    const upstream = new Upstream<ProductOperations>({
      name: 'product',
      urls: settings.PRODUCT_URLS,
      internalKey: settings.INTERNAL_KEY,
      document: documents.product,
    })
    app.decorate('productClient', clientOf(upstream))
    app.addReadinessCheck('product', () => upstream.ping())
    app.addHook('onClose', () => upstream.close())
  },
  { name: 'product-client', dependencies: ['health'] },
)

const clientOf = (upstream: Upstream<ProductOperations>): ProductClient => ({
  async reserve({ orderId, userId, draft, deadline, trace }) {
    const reservation = { order_id: orderId, user_id: userId, lines: draft.lines }
    const { results } = await upstream
      .call('createReservations', { deadline, trace, body: { reservations: [reservation] } })
      .catch(asUntouched)
    return grantedLines(results[0])
  },

  async release(orderId, context) {
    await upstream.call('releaseReservation', {
      ...contextFrom(context),
      path: { order_id: orderId },
      body: undefined,
    })
  },

  async confirm(orderIds, context) {
    await upstream.call('confirmReservations', {
      ...contextFrom(context),
      body: { order_ids: orderIds },
    })
  },
})

/** Of what is given, which may be a whole attempt, only what a call carries. */
const contextFrom = ({ deadline, trace, stopping }: CallContext): CallContext => ({
  deadline,
  trace,
  ...(stopping && { stopping }),
})

type Result =
  ProductOperations['createReservations']['responses'][200]['content']['application/json']['results'][number]

const asUntouched = (error: unknown): never => {
  if (!(error instanceof NotStarted)) throw error
  throw new Untouched(error.code, { message: error.message, cause: error })
}

/** Reasons that clients never see by these names. */
const ownCodes: Readonly<Record<string, ErrorCode>> = {
  // Somebody gave this order id up: another attempt under the same key, or the sweeper.
  RESERVATION_RELEASED: 'IDEMPOTENCY_IN_PROGRESS',
}

const grantedLines = (result: Result | undefined): GrantedLine[] => {
  if (result?.outcome === 'granted' && result.lines) return result.lines
  if (result?.reason === 'NOT_STARTED') throw new Untouched('SERVICE_UNAVAILABLE')
  if (result?.outcome !== 'refused' || !result.reason) throw new ApiError('SERVICE_UNAVAILABLE')
  throw new Refusal(ownCodes[result.reason] ?? (result.reason as ErrorCode), {
    ...(result.message && { message: result.message }),
    ...(result.details && { details: result.details }),
  })
}
