import { NotStarted } from '@flash-deal/errors'
import { Batches, type CallContext, Deadline } from '@flash-deal/service'
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
  /** A call that begins later leaves product too little time. */
  beginBy: Deadline
}

/** Reservations in a call, the most that product's contract allows. */
const reservationsMax = 100

/** The next call for a row waits no longer for the one before it, which may never return. */
const patienceMs = 250

/** A reservation of ten lines in a JSON body, in bytes. */
const reservationBytes = 1_300

/** As many as fit into the largest body that a service reads. */
const sizeMaxFor = (bodyLimitBytes: number): number =>
  Math.min(reservationsMax, Math.max(1, Math.floor(bodyLimitBytes / reservationBytes)))

/** Reservations that wait travel as one call over HTTP on kept connections. */
export const coalesced = (options: ProductTransportOptions): ProductTransport =>
  together(httpCalls(options, { keepAlive: true }), options)

/**
 * Reservations of the same row travel together, and so do all of several lines: while one call is
 * under way, the next ones wait and are the next call. Rows do not wait for each other, since a call
 * returns when its slowest reservation is decided.
 */
const together = (
  calls: ProductCalls,
  { app, settings }: ProductTransportOptions,
): ProductTransport => {
  const [countBatch, countOrder] = [app.witness('H1', 'batch'), app.witness('H1', 'batched')]
  const underWay = new Set<Promise<unknown>>()

  const send = (waiting: readonly Waiting[]): Promise<readonly ReservationResult[]> => {
    countBatch()
    for (const _ of waiting) countOrder()
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

/** Resolves when the call has ended, however it ended, or this time is over. */
const settledOr = async (call: Promise<unknown>, ms: number): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const end = (): void => resolve()
  call.then(end, end)
  await promise
  clearTimeout(timer)
}

/** The queue of all orders of several lines: they want several rows, which many of them share. */
const severalLines = 'several lines'

/** One line: its deal or product. Orders of several lines hold up no order of one line. */
const rowOf = ({ lines: [first, ...others] }: Reservation): string =>
  others.length > 0 ? severalLines : (first?.deal_id ?? first?.product_id ?? '')

/** As much time as the last of them has: one that expires ends no call of the others. */
const contextOf = (log: FastifyBaseLogger, waiting: readonly Waiting[]): CallContext => {
  const [first, ...others] = waiting.map(({ context }) => context)
  const deadline = Deadline.latestOf(waiting.map(({ context }) => context.deadline))
  if (!first || !deadline) throw new Error('A call has at least one reservation.')
  // Product's lines name the first of them; this one leads from each other to it.
  if (others.length > 0) {
    const [request_id, with_request_ids] = [requestIdOf(first), others.map(requestIdOf)]
    log.debug({ request_id, with_request_ids }, 'Reservations travel in one call')
  }
  return { deadline, trace: first.trace }
}

const requestIdOf = ({ trace }: CallContext): string | undefined => trace['x-request-id']

const tooLate = (): NotStarted => {
  const cause = new Error('The reservation waited too long for the call before it.')
  return new NotStarted('SERVICE_UNAVAILABLE', { cause })
}
