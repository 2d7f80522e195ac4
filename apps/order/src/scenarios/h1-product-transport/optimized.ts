import { NotStarted } from '@flash-deal/errors'
import { Batches, type CallContext, Deadline } from '@flash-deal/service'
import { isSampled, spanContextFrom } from '@flash-deal/telemetry'
import type { FastifyBaseLogger } from 'fastify'
import { httpCalls } from './http-calls.ts'
import { resultFor } from './result-for.ts'
import type {
  ProductCalls,
  ProductTransport,
  ProductTransportOptions,
  Reservation,
  ReservationResult,
} from './seam.ts'

type Waiting = {
  reservation: Reservation
  context: CallContext
  /** The latest start of a call: a later one leaves product too little time. */
  beginBy: Deadline
}

/** The maximum number of reservations in a call, as in product's contract. */
const reservationsMax = 100

/** How long the next call for a row waits for the previous one, which may never return. */
const patienceMs = 250

/** A reservation of ten lines in a JSON body, in bytes. */
const reservationBytes = 1_300

/** The number of reservations that fit into the body limit. */
const sizeMaxFor = (bodyLimitBytes: number): number =>
  Math.min(reservationsMax, Math.max(1, Math.floor(bodyLimitBytes / reservationBytes)))

/** Waiting reservations are sent in one HTTP call, on keep-alive connections. */
export const coalesced = (options: ProductTransportOptions): ProductTransport =>
  together(httpCalls(options, { keepAlive: true }), options)

/**
 * Reservations of the same row share calls, and so do all reservations of several lines: while one
 * call is in flight, new ones wait and form the next call. Rows do not wait for each other, because
 * a call returns when its slowest reservation is decided.
 */
const together = (
  calls: ProductCalls,
  { app, settings }: ProductTransportOptions,
): ProductTransport => {
  const [countBatch, countOrder] = [app.witness('H1', 'batch'), app.witness('H1', 'batched')]
  const observe = app.batchSizes('product_calls')
  const underWay = new Set<Promise<unknown>>()

  const send = (waiting: readonly Waiting[]): Promise<readonly ReservationResult[]> => {
    observe(waiting.length)
    countBatch()
    countOrder(waiting.length)
    const reservations = waiting.map(({ reservation }) => reservation)
    const call = calls.createReservations(reservations, contextOf(app.log, waiting))
    underWay.add(call)
    return call.finally(() => underWay.delete(call))
  }

  const work = async (_row: string, waiting: readonly Waiting[]) => {
    const begun = waiting.filter(({ beginBy }) => beginBy.leftMs > 0)
    const call = begun.length > 0 ? send(begun) : Promise.resolve([])
    await settledOr(call, patienceMs)
    return waiting.map(async (each) => {
      const index = begun.indexOf(each)
      if (index < 0) throw tooLate()
      return resultFor(each.reservation, (await call)[index])
    })
  }

  const batches = new Batches<Waiting, ReservationResult>({
    name: 'H1 batch',
    work,
    sizeMax: sizeMaxFor(settings.BODY_LIMIT_BYTES),
    queueMax: settings.QUERY_QUEUE_MAX,
    timeoutMs: settings.DEADLINE_MS,
  })
  return {
    ...calls,
    async reserve(reservation, context) {
      const { deadline } = context
      const beginBy = Deadline.in(deadline.leftMs / 2)
      return batches.add(rowOf(reservation), { reservation, context, beginBy }, deadline)
    },
    async close() {
      await batches.close()
      await Promise.allSettled(underWay)
      await calls.close()
    },
  }
}

/** Resolves when the call has succeeded or failed, or after this time in milliseconds. */
const settledOr = async (call: Promise<unknown>, ms: number): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const end = (): void => resolve()
  call.then(end, end)
  await promise
  clearTimeout(timer)
}

/** The queue of all orders of several lines, which have several rows and often share some. */
const severalLines = 'several lines'

/** The deal or product of a single line. Orders of several lines do not delay orders of one line. */
const rowOf = ({ lines: [first, ...others] }: Reservation): string =>
  others.length > 0 ? severalLines : (first?.deal_id ?? first?.product_id ?? '')

/**
 * The context of a shared call: the latest of the deadlines, so that an expired one does not cancel
 * the call of the others, and the trace of the first sampled request.
 */
const contextOf = (log: FastifyBaseLogger, waiting: readonly Waiting[]): CallContext => {
  const contexts = waiting.map(({ context }) => context)
  const first = contexts.find(isRecorded) ?? contexts[0]
  const others = contexts.filter((context) => context !== first)
  const deadline = Deadline.latestOf(waiting.map(({ context }) => context.deadline))
  if (!first || !deadline) throw new Error('A call has at least one reservation.')
  // Product logs the request id of the first; this line links the others to it.
  if (others.length > 0) {
    const [request_id, with_request_ids] = [requestIdOf(first), others.map(requestIdOf)]
    log.debug({ request_id, with_request_ids }, 'Reservations share one call')
  }
  return { deadline, trace: first.trace }
}

const isRecorded = ({ trace }: CallContext): boolean => {
  const caller = spanContextFrom(trace.traceparent)
  return caller !== undefined && isSampled(caller)
}

const requestIdOf = ({ trace }: CallContext): string | undefined => trace['x-request-id']

const tooLate = (): NotStarted => {
  const cause = new Error('The reservation waited too long for the call before it.')
  return new NotStarted('SERVICE_UNAVAILABLE', { cause })
}
