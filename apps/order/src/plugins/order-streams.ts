import { ApiError } from '@flash-deal/errors'
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
 * streams finds those of other processes. Without an open stream no timer and no statement runs.
 */
export const orderStreams = fp(
  async (app: FastifyInstance, { streamsMax, heartbeatMs, pollMs }: OrderStreamsOptions) => {
    const streams = new Streams()
    gaugeOf(app, streams)
    const refresh = (ids: readonly string[]): void => {
      const followed = streams.followed(ids)
      if (followed.length === 0) return
      showAll(app, streams, followed).catch((error: unknown) =>
        app.causeLog.write(app.log, error, 'Order streams could not be updated'),
      )
    }
    app.pendingOrders.onDecided(refresh)
    const timers = new Timers(
      { ms: heartbeatMs, work: () => streams.beat() },
      { ms: pollMs, work: () => void poll(app, streams, refresh) },
    )
    app.decorate('followOrder', (order: Order, lastEventId: string | undefined) => {
      if (streams.size >= streamsMax || app.draining) throw new ApiError('SERVICE_UNAVAILABLE')
      const stream = new OrderStream(lastEventId)
      streams.add(order.id, stream, () => timers.run(streams.size > 0))
      timers.run(true)
      stream.show(order)
      // The order may have been decided since it was read.
      refresh([order.id])
      return stream
    })
    app.addHook('preClose', async () => streams.endAll())
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

/** Reads the orders and sends them to their streams. */
const showAll = async (
  { db }: FastifyInstance,
  streams: Streams,
  ids: readonly string[],
): Promise<void> => {
  const [rows, items] = await Promise.all([
    orderGetEach(db, { ids: [...ids] }),
    itemListEach(db, { order_ids: [...ids] }),
  ])
  const itemsOf = Map.groupBy(items, ({ order_id }) => order_id)
  for (const row of rows) {
    const own = (itemsOf.get(row.id) ?? []).map(({ order_id, ...item }) => item)
    streams.show(orderFrom(row, own))
  }
}

const poll = async (
  app: FastifyInstance,
  streams: Streams,
  refresh: (ids: readonly string[]) => void,
): Promise<void> => {
  const states = await orderListStates(app.db, { ids: streams.ids }).catch(() => [])
  refresh(states.filter(({ status }) => status !== 'pending').map(({ id }) => id))
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

  add(orderId: string, stream: OrderStream, onRemoved: () => void): void {
    const all = this.#byOrder.get(orderId) ?? new Set()
    this.#byOrder.set(orderId, all.add(stream))
    this.size += 1
    stream.once('close', () => {
      all.delete(stream)
      if (all.size === 0) this.#byOrder.delete(orderId)
      this.size -= 1
      onRemoved()
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

type Timed = { ms: number; work: () => void }

/** Timers that run only while streams are open. */
class Timers {
  readonly #all: readonly Timed[]
  #running: NodeJS.Timeout[] = []

  constructor(...all: Timed[]) {
    this.#all = all
  }

  run(isNeeded: boolean): void {
    if (isNeeded === this.#running.length > 0) return
    for (const timer of this.#running) clearInterval(timer)
    this.#running = isNeeded ? this.#all.map(({ ms, work }) => setInterval(work, ms)) : []
  }
}
