import { Readable } from 'node:stream'
import type { Order } from './order.ts'

/** Milliseconds after which a client opens a stream again that ended before its order was decided. */
const retryMs = 1_000

/** Names one state of an order: the time of its last change. */
export const eventIdOf = ({ updated_at }: Pick<Order, 'updated_at'>): string =>
  updated_at.toISOString()

export const isDecided = ({ status }: Pick<Order, 'status'>): boolean => status !== 'pending'

/** The server-sent events of one order to one client. */
export class OrderStream extends Readable {
  #lastEventId: string | undefined

  constructor(lastEventId: string | undefined) {
    // Few and small events: what a client does not read is not worth a buffer.
    super({ highWaterMark: 1_024 })
    this.#lastEventId = lastEventId
    this.push(`retry: ${retryMs}\n\n`)
  }

  /** Sends the order, unless the client has it in this state. A decided order ends the stream. */
  show(order: Order): void {
    const id = eventIdOf(order)
    if (id !== this.#lastEventId) {
      this.push(`id: ${id}\nevent: order\ndata: ${JSON.stringify(order)}\n\n`)
    }
    this.#lastEventId = id
    if (isDecided(order)) this.end()
  }

  /** A comment, which keeps the connection alive. */
  beat(): void {
    if (this.readableLength === 0) this.push(':\n\n')
  }

  end(): void {
    this.push(null)
  }

  override _read(): void {
    // Events are pushed when they happen.
  }
}
