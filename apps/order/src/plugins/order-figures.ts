import { Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { orderCountPending, outboxCount } from '../gen/queries.ts'

/** Maximum number of rows to count; at the maximum the figure is a lower bound. */
const countedMax = 100_000

/** Timeout of a statement, in milliseconds. */
const readMs = 1_000

/** Gauges of waiting work: events of the outbox and, with Kafka, pending orders (H2). */
export const orderFigures = fp(
  async (app: FastifyInstance) => {
    app.figures({ source: 'outbox', gauges: outboxGauges, read: () => readOutbox(app) })
    if (app.messaging)
      app.figures({ source: 'pending_orders', gauges: pendingGauges, read: () => readPending(app) })
  },
  { name: 'order-figures', dependencies: ['database', 'messaging', 'metrics'] },
)

const outboxGauges = {
  outbox_events: { help: 'Events that product has not acknowledged; at most 100,000 are counted' },
  outbox_oldest_seconds: { help: 'Age of the oldest of these events; 0 if there is none' },
}

const readOutbox = async ({ db }: FastifyInstance) => {
  const row = await outboxCount(db.by(Deadline.in(readMs)), { size: countedMax })
  return {
    outbox_events: row ? [{ value: row.events }] : [],
    outbox_oldest_seconds: row ? [{ value: row.oldest_s }] : [],
  }
}

const pendingGauges = {
  orders_pending: { help: 'Accepted orders that are not decided; at most 100,000 are counted' },
  orders_pending_oldest_seconds: { help: 'Age of the oldest of these orders; 0 if there is none' },
}

const readPending = async ({ db }: FastifyInstance) => {
  const row = await orderCountPending(db.by(Deadline.in(readMs)), { size: countedMax })
  return {
    orders_pending: row ? [{ value: row.orders }] : [],
    orders_pending_oldest_seconds: row ? [{ value: row.oldest_s }] : [],
  }
}
