import type { Messaging } from '@flash-deal/messaging'
import { type CallContext, Deadline, periodically } from '@flash-deal/service'
import { inSharedSpan, spanContextFrom } from '@flash-deal/telemetry'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { settlingMs } from '../domain/settling-time.ts'
import { type OutboxTakeRow, outboxDelete, outboxTake } from '../gen/queries.ts'

/** The number of events per round, the maximum that product accepts in one request. */
const batchSize = 100

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Runs one round now: delivers due events until less than a batch is left or `stopping` is aborted.
     * An event whose call is interrupted is kept and retried.
     */
    relayOutbox(stopping?: AbortSignal): Promise<void>
  }
}

/**
 * Notifies product of the outcome of its reservations. An event is kept until it is acknowledged,
 * so it may arrive twice; product checks the state of the reservation, so it takes effect once.
 */
export const outboxRelay = fp(
  async (app: FastifyInstance, { intervalMs }: { intervalMs: number }) => {
    const deliver = app.messaging ? publishTo(app.messaging) : callProduct
    app.decorate('relayOutbox', async (stopping?: AbortSignal) => {
      let taken = batchSize
      while (taken === batchSize && !stopping?.aborted) {
        const events = await outboxTake(app.db, { size: batchSize })
        await deliver(app, events, stopping)
        taken = events.length
      }
    })
    const work = (stopping: AbortSignal) => app.relayOutbox(stopping)
    await app.register(periodically, { name: 'relay', intervalMs, work })
  },
  { name: 'outbox-relay', dependencies: ['database', 'messaging', 'product-client'] },
)

/** Delivers events and deletes those that were acknowledged. */
type Deliver = (
  app: FastifyInstance,
  events: readonly OutboxTakeRow[],
  stopping?: AbortSignal,
) => Promise<void>

const typeOf = { confirmed: 'order.confirmed', released: 'order.released' } as const

/** Appends events to Kafka, from which product consumes them. Events of one round keep their order. */
const publishTo =
  ({ log }: Messaging): Deliver =>
  async (app, events) => {
    const inOrder = events.toSorted((a, b) => a.id - b.id)
    const published = inOrder.map(({ id, order_id, kind, traceparent }) => {
      const trace = traceparent === null ? {} : { traceparent }
      const event = { type: typeOf[kind], key: order_id, data: { order_id }, trace }
      return log.append(event, { id: `order-outbox-${id}` })
    })
    await Promise.all(published)
    await outboxDelete(app.db, { ids: inOrder.map(({ id }) => id) })
  }

/** Sends events to product over its API. */
const callProduct: Deliver = async (app, events, stopping) => {
  const confirmed = events.filter((event) => event.kind === 'confirmed')
  const released = events.filter((event) => event.kind === 'released')
  const outcomes = await Promise.allSettled([
    acknowledged(app, confirmed, (ids) => app.productClient.confirm(ids, context(stopping))),
    ...released.map((event) =>
      acknowledged(app, [event], () =>
        app.productClient.release(event.order_id, context(stopping)),
      ),
    ),
  ])
  // After all events were tried: one that product cannot process must not block the others.
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}

const context = (stopping?: AbortSignal): CallContext => ({
  deadline: Deadline.in(settlingMs),
  trace: {},
  ...(stopping && { stopping }),
})

const acknowledged = async (
  app: FastifyInstance,
  events: readonly OutboxTakeRow[],
  deliver: (orderIds: string[]) => Promise<void>,
): Promise<void> => {
  if (events.length === 0) return
  const callers = events.map(({ traceparent }) => spanContextFrom(traceparent))
  const attributes = { 'flash_deal.batch.size': events.length }
  await inSharedSpan(callers, 'deliver outbox', { attributes }, async () => {
    await deliver(events.map((event) => event.order_id))
    await outboxDelete(app.db, { ids: events.map((event) => event.id) })
  })
}
