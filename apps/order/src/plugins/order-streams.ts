import { ApiError } from '@flash-deal/errors'
import { periodically } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Gauge } from 'prom-client'
import { type Order, orderFrom } from '../domain/order.ts'
import { OrderStream } from '../domain/order-stream.ts'
import { itemListEach, orderGetEach, orderListStates } from '../gen/queries.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Follows an order until it is decided.
     * @throws ApiError SERVICE_UNAVAILABLE if too many streams are open
     */
    followOrder(order: Order, lastEventId: string | undefined): OrderStream
  }
}

export type OrderStreamsOptions = {
  /** Maximum number of open streams. */
  streamsMax: number
  /** Interval of the comments that keep a connection alive, in milliseconds. */
  heartbeatMs: number
  /** Interval of the queries for decisions of other processes, in milliseconds. */
  pollMs: number
}

/**
 * The streams of this process. Its own decisions are sent immediately; one statement for all
 * streams finds those of other processes. Without an open stream no statement runs.
 */
export const orderStreams = fp(
  async (app: FastifyInstance, { streamsMax, heartbeatMs, pollMs }: OrderStreamsOptions) => {
    const streams = new Streams()
    gaugeOf(app, streams)
    const refresh = (ids: readonly string[]): void => {
      showAll(app, streams, ids).catch((error: unknown) =>
        app.causeLog.write(app.log, error, 'Order streams could not be updated'),
      )
    }
    app.pendingOrders.onDecided(refresh)
    app.decorate('followOrder', (order: Order, lastEventId: string | undefined) => {
      if (streams.size >= streamsMax || app.draining) throw new ApiError('SERVICE_UNAVAILABLE')
      const stream = new OrderStream(lastEventId)
      streams.add(order.id, stream)
      stream.show(order)
      // The order may have been decided since it was read.
      refresh([order.id])
      return stream
    })
    app.addHook('preClose', async () => streams.endAll())
    const beat = async (): Promise<void> => streams.beat()
    const poll = (): Promise<void> => showDecided(app, streams)
    await app.register(periodically, { name: 'heartbeats', intervalMs: heartbeatMs, work: beat })
    await app.register(periodically, { name: 'order-poll', intervalMs: pollMs, work: poll })
  },
  { name: 'order-streams', dependencies: ['database', 'metrics', 'pending-orders'] },
)

const gaugeOf = ({ metrics }: FastifyInstance, streams: Streams): void => {
  new Gauge({
    name: 'order_streams',
    help: 'Open streams of order events',
    registers: [metrics],
    collect() {
      this.set(streams.size)
    },
  })
}

/** Reads those of the orders that have streams, and sends them. */
const showAll = async (
  { db }: FastifyInstance,
  streams: Streams,
  orderIds: readonly string[],
): Promise<void> => {
  const ids = streams.followed(orderIds)
  if (ids.length === 0) return
  const [rows, items] = await Promise.all([
    orderGetEach(db, { ids }),
    itemListEach(db, { order_ids: ids }),
  ])
  const itemsOf = Map.groupBy(items, ({ order_id }) => order_id)
  for (const row of rows) {
    const own = (itemsOf.get(row.id) ?? []).map(({ order_id, ...item }) => item)
    streams.show(orderFrom(row, own))
  }
}

/** Finds the orders that another process has decided, and sends them. */
const showDecided = async (app: FastifyInstance, streams: Streams): Promise<void> => {
  if (streams.size === 0) return
  const states = await orderListStates(app.db, { ids: streams.ids })
  const decided = states.flatMap(({ id, status }) => (status === 'pending' ? [] : [id]))
  await showAll(app, streams, decided)
}

class Streams {
  readonly #byOrder = new Map<string, Set<OrderStream>>()
  size = 0

  get ids(): string[] {
    return [...this.#byOrder.keys()]
  }

  followed(ids: readonly string[]): string[] {
    return ids.filter((id) => this.#byOrder.has(id))
  }

  add(orderId: string, stream: OrderStream): void {
    const all = this.#byOrder.get(orderId) ?? new Set()
    this.#byOrder.set(orderId, all.add(stream))
    this.size += 1
    stream.once('close', () => {
      all.delete(stream)
      if (all.size === 0) this.#byOrder.delete(orderId)
      this.size -= 1
    })
  }

  show(order: Order): void {
    for (const stream of this.#byOrder.get(order.id) ?? []) stream.show(order)
  }

  beat(): void {
    for (const all of this.#byOrder.values()) for (const stream of all) stream.beat()
  }

  endAll(): void {
    for (const all of this.#byOrder.values()) for (const stream of all) stream.end()
  }
}
