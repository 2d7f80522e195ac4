import { type Event, type Handled, Unprocessable } from '@flash-deal/messaging'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { inboxAdd, reservationConfirm } from '../gen/queries.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Applies a batch of events from the log; returns one result for each. */
    applyOrderEvents(events: readonly Event[]): Promise<Handled[]>
  }
}

/**
 * Consumes the events of order from Kafka; without Kafka, order calls the operations instead. Each
 * event takes effect once: the inbox stores the ids of the events that did, and every transition of a
 * reservation checks the state that it leaves.
 */
export const orderEvents = fp(
  async (app: FastifyInstance) => {
    app.decorate('applyOrderEvents', (events: readonly Event[]) => applyAll(app, events))
    const handle = (events: readonly Event[]) => app.applyOrderEvents(events)
    app.messaging?.consume({ topic: 'order-events', group: 'product', handle })
  },
  { name: 'order-events', dependencies: ['database', 'messaging', 'reservations', 'sale-figures'] },
)

/** Confirmations first, all in one transaction: an order is confirmed before it is cancelled. */
const applyAll = async (app: FastifyInstance, events: readonly Event[]): Promise<Handled[]> => {
  const confirmations = events.filter((event) => event.type === 'order.confirmed')
  const isConfirmed = await resultOf(confirm(app, confirmations))
  const handled: Handled[] = []
  for (const event of events) {
    if (event.type === 'order.confirmed') handled.push(isConfirmed)
    else if (event.type === 'order.released') handled.push(await resultOf(release(app, event)))
    else handled.push({ error: new Unprocessable(`${event.type} does not belong to this topic.`) })
  }
  return handled
}

const resultOf = (work: Promise<void>): Promise<Handled> =>
  work.then(
    () => ({}),
    (error: unknown) => ({ error }),
  )

const confirm = async (
  { db, countReservations }: FastifyInstance,
  events: readonly Event<'order.confirmed'>[],
): Promise<void> => {
  if (events.length === 0) return
  const confirmed = await db.transaction(async (tx) => {
    const added = await inboxAdd(tx, { event_ids: events.map(({ id }) => id) })
    const fresh = new Set(added.map(({ event_id }) => event_id))
    const order_ids = events.filter(({ id }) => fresh.has(id)).map(({ data }) => data.order_id)
    return order_ids.length > 0 ? reservationConfirm(tx, { order_ids }) : 0
  })
  countReservations('confirmed', confirmed)
}

/** The release is a transaction of its own, which changes nothing when it is repeated. */
const release = async (
  { releaseStock, db }: FastifyInstance,
  { id, data }: Event<'order.released'>,
): Promise<void> => {
  await releaseStock(data.order_id)
  await inboxAdd(db, { event_ids: [id] })
}
