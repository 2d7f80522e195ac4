import { Readable } from 'node:stream'
import type { Order } from './order.ts'

/** Milliseconds until a client reopens a stream that ended before its order was decided. */
const retryMs = 1_000

/** The event id of a state of an order: the time of its last change. */
export const eventIdOf = ({ updated_at }: Pick<Order, 'updated_at'>): string =>
  updated_at.toISOString()

export const isDecided = ({ status }: Pick<Order, 'status'>): boolean => status !== 'pending'

/** The server-sent events of one order to one client. */
export class OrderStream extends Readable {
  #lastEventId: string | undefined
  /** The stream stays open until its client has read everything. Nothing may be pushed meanwhile. */
  #isEnded = false

  constructor(lastEventId: string | undefined) {
    // Events are few and small, so that a small buffer is enough.
    super({ highWaterMark: 1_024 })
    this.#lastEventId = lastEventId
    this.push(`retry: ${retryMs}\n\n`)
  }

  /** Sends the order unless the client already has this state. A decided order ends the stream. */
  show(order: Order): void {
    if (this.#isEnded) return
    const id = eventIdOf(order)
    if (id !== this.#lastEventId) {
      this.push(`id: ${id}\nevent: order\ndata: ${JSON.stringify(order)}\n\n`)
    }
    this.#lastEventId = id
    if (isDecided(order)) this.end()
  }

  /** A comment, which keeps the connection alive. */
  beat(): void {
    if (!this.#isEnded && this.readableLength === 0) this.push(':\n\n')
  }

  end(): void {
    this.#isEnded = true
    this.push(null)
  }

  override _read(): void {
    // Sends each event immediately.
  }
}
