import {
  type Event,
  type Handle,
  type Handled,
  type Messaging,
  type NewEvent,
  Unprocessable,
} from '@flash-deal/messaging'
import { Deadline, periodically } from '@flash-deal/service'
import { storedTraceparent } from '@flash-deal/telemetry'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { logKeyOf } from '../domain/draft.ts'
import { settlingMs } from '../domain/settling-time.ts'
import { itemListEach, pendingTake } from '../gen/queries.ts'
import { type Decided, type Decision, decidePending } from '../storage/decide-pending.ts'
import { Refusal, ReservationNotStarted } from './product-client.ts'

type Accepted = NewEvent<'order.accepted'>

export type PendingOrders = {
  /** Appends an accepted order to Kafka. If that fails, the recovery retries. */
  append(event: Accepted): void
  /** Decides the orders of a batch of events; returns one result for each. */
  decide(events: readonly Event[]): Promise<readonly Handled[]>
  /** Runs one round of the recovery now: appends orders again that may not have reached Kafka. */
  recover(stopping?: AbortSignal): Promise<void>
  /** Called after each commit that decided orders. */
  onDecided(listener: (orderIds: readonly string[]) => void): void
}

declare module 'fastify' {
  interface FastifyInstance {
    pendingOrders: PendingOrders
  }
}

export type PendingOrdersOptions = {
  /** Age of the last append at which a pending order is appended again, in milliseconds. */
  retryMs: number
  /** Pause between two rounds of the recovery, in milliseconds. */
  intervalMs: number
}

/** Maximum number of orders that the recovery appends in one round. */
const recoveredAtOnce = 500

/** With a longer backlog, a pending order is assumed to wait in it and is not appended again. */
const backlogMin = 1_000

/**
 * Decides accepted orders: consumes them from Kafka, and repeats lost appends. It runs if Kafka is
 * configured, also with H2 at its baseline, because orders may still be pending after H2 was
 * switched off. A pending order is never voided.
 */
export const pendingOrders = fp(
  async (app: FastifyInstance, { retryMs, intervalMs }: PendingOrdersOptions) => {
    const listeners: ((orderIds: readonly string[]) => void)[] = []
    const { messaging } = app
    const count = counters(app)
    app.decorate('pendingOrders', {
      append: (event) => append(app, event),
      decide: async (events) => {
        const { handled, decided } = await handle(app, events)
        count(decided)
        const ids = [...decided.confirmed, ...decided.rejected]
        for (const listener of listeners) listener(ids)
        return handled
      },
      recover: (stopping) => recover(app, retryMs, stopping),
      onDecided: (listener) => void listeners.push(listener),
    })
    if (messaging === undefined) return
    const decide: Handle = (events) => app.pendingOrders.decide(events)
    messaging.consume({ topic: 'orders-accepted', group: 'order', handle: decide })
    const work = (stopping: AbortSignal) => app.pendingOrders.recover(stopping)
    await app.register(periodically, { name: 'recovery', intervalMs, work })
  },
  {
    name: 'pending-orders',
    dependencies: ['database', 'messaging', 'product-client', 'order-outcomes'],
  },
)

const counters = (app: FastifyInstance): ((decided: Decided) => void) => {
  const [confirmed, rejected] = [app.witness('H2', 'confirmed'), app.witness('H2', 'rejected')]
  return (decided) => {
    confirmed(decided.confirmed.length)
    rejected(decided.rejected.length)
    app.countOrder('confirmed', decided.confirmed.length)
    app.countOrder('rejected', decided.rejected.length)
  }
}

/** Orders are accepted only with Kafka: without it, H2 fails the boot. */
const logOf = ({ messaging }: FastifyInstance): Messaging['log'] => {
  if (messaging === undefined) throw new Error('Kafka is not configured.')
  return messaging.log
}

const append = (app: FastifyInstance, event: Accepted): void => {
  logOf(app)
    .append(event, { id: event.data.order_id })
    .catch((error: unknown) =>
      app.causeLog.write(app.log, error, 'An append is left to the recovery', {
        order_id: event.data.order_id,
      }),
    )
}

/** The result of each event, and the decision. */
const handle = async (app: FastifyInstance, events: readonly Event[]) => {
  const outcomes = await Promise.all(events.map((event) => decisionOn(app, event)))
  const decisions = outcomes.flatMap((each) => ('decision' in each ? [each.decision] : []))
  const decided = await decidePending(app.db, decisions)
  const handled = outcomes.map((each): Handled => ('error' in each ? each : {}))
  return { handled, decided }
}

type Outcome = { decision: Decision } | { error: unknown }

/** Calls product if the stock is not reserved yet. The call is idempotent by order id. */
const decisionOn = async (app: FastifyInstance, event: Event): Promise<Outcome> => {
  if (event.type !== 'order.accepted') {
    return { error: new Unprocessable(`${event.type} does not belong to this topic.`) }
  }
  const { order_id: orderId, user_id: userId, lines, is_reserved } = event.data
  const traceparent = storedTraceparent(event.trace.traceparent)
  const decided = { orderId, traceparent }
  if (is_reserved) return { decision: { ...decided, outcome: 'granted', lines: undefined } }
  const context = { deadline: Deadline.in(settlingMs), trace: event.trace }
  const draft = { lines, shippingAddress: null }
  // The id may already have a reservation, so this is a retry under a key.
  const attempt = { orderId, userId, draft, key: orderId, ...context }
  try {
    const granted = await app.productClient.reserve(attempt)
    return { decision: { ...decided, outcome: 'granted', lines: granted } }
  } catch (error) {
    const isRefused = error instanceof Refusal && !(error instanceof ReservationNotStarted)
    if (!isRefused) return { error }
    return { decision: { ...decided, outcome: 'refused', reason: error.code } }
  }
}

const recover = async (
  app: FastifyInstance,
  retryMs: number,
  stopping?: AbortSignal,
): Promise<void> => {
  if ((app.messaging?.lagOf('orders-accepted') ?? 0) > backlogMin) return
  const orders = await pendingTake(app.db, { age_ms: retryMs, size: recoveredAtOnce })
  if (orders.length === 0 || stopping?.aborted) return
  const items = await itemListEach(app.db, { order_ids: orders.map(({ id }) => id) })
  const linesOf = Map.groupBy(items, ({ order_id }) => order_id)
  app.log.warn({ orders: orders.length }, 'Pending orders are appended to the log again')
  for (const { id, user_id } of orders) append(app, eventOf(id, user_id, linesOf.get(id) ?? []))
}

type Item = Awaited<ReturnType<typeof itemListEach>>[number]

/** It is not stored whether the stock is reserved; calling product again changes nothing. */
const eventOf = (order_id: string, user_id: string, items: readonly Item[]): Accepted => {
  const lines = items.map(({ product_id, deal_id, quantity }) => ({
    ...{ product_id, deal_id, quantity },
  }))
  const data = { order_id, user_id, is_reserved: false, lines }
  return { type: 'order.accepted', key: logKeyOf({ lines }), data, trace: {} }
}
