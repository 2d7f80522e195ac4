import { type ApiError, NotStarted } from '@flash-deal/errors'
import { showBreakers } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { settlingMs } from '../../domain/settling-time.ts'
import { type ProductClient, Refusal, ReservationNotStarted } from '../../plugins/product-client.ts'
import { CallBreaker, type CallBreakerOptions, type Outcome } from './optimized/call-breaker.ts'
import type { GuardOptions, ProductGuard } from './seam.ts'

const message =
  'product fails too often and is not called right now. Repeat after the time in Retry-After.'

/**
 * Reserving and releasing each have a breaker: failing releases must not prevent new orders.
 * Confirming has none: no client waits for the relay, which sends one batch at a time with growing
 * pauses, and must detect immediately that product has recovered.
 */
export const optimized = ({ app, settings }: GuardOptions): ProductGuard => {
  const { BREAKER_OPEN_MS: openMs, BREAKER_CALLS_MIN: callsMin } = settings
  const timeoutMs = Math.min(settings.BREAKER_TIMEOUT_MS, settings.DEADLINE_MS)
  const shared = { openMs, callsMin, timeoutMs, outcomeOf }
  // A release by the relay has `settlingMs`, which must be enough to decide a half-open breaker.
  const settling = { ...shared, timeoutMs: Math.min(timeoutMs, settlingMs) }
  const breakers = {
    reserve: watched(app, 'reserve', { ...shared, refuse: refusal(ReservationNotStarted) }),
    release: watched(app, 'release', { ...settling, refuse: refusal(NotStarted) }),
  }
  showBreakers(app.metrics, breakers)
  const called = app.witness('M5', 'called')
  return (client) => guarded(client, breakers, called)
}

/** Nothing was sent, so nothing has to be undone, and the lease of a key ends immediately. */
const refusal =
  (Kind: typeof ReservationNotStarted | typeof NotStarted) =>
  (retryAfterS: number): ApiError =>
    new Kind('SERVICE_UNAVAILABLE', { message, retryAfterS })

const watched = (app: FastifyInstance, call: string, options: CallBreakerOptions): CallBreaker => {
  const refused = app.witness('M5', 'refused')
  const changed = {
    open: app.witness('M5', 'opened'),
    half_open: app.witness('M5', 'half_opened'),
    closed: app.witness('M5', 'closed'),
  }
  const refuse = (retryAfterS: number): ApiError => {
    refused()
    return options.refuse(retryAfterS)
  }
  const breaker = new CallBreaker({ ...options, refuse })
  breaker.onChange((state) => {
    changed[state]()
    app.log.warn({ call, state }, `The circuit breaker before ${call} of product is ${state}.`)
  })
  return breaker
}

type Breakers = Readonly<Record<'reserve' | 'release', CallBreaker>>

/** @param called counts the calls that are let through */
const guarded = (
  client: ProductClient,
  { reserve, release }: Breakers,
  called: () => void,
): ProductClient => ({
  reserve: (attempt) =>
    reserve.run(attempt.deadline, (deadline) => {
      called()
      return client.reserve({ ...attempt, deadline })
    }),

  release: (orderId, context) =>
    release.run(context.deadline, (deadline) => {
      called()
      return client.release(orderId, { ...context, deadline })
    }),

  confirm: (orderIds, context) => client.confirm(orderIds, context),
})

/** Rejections of product are successes; calls not sent or not started are inconclusive. */
const outcomeOf = (error: unknown): Outcome => {
  if (error instanceof ReservationNotStarted || error instanceof NotStarted) return 'inconclusive'
  return error instanceof Refusal ? 'answered' : 'failed'
}
