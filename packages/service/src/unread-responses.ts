import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { pauseReading, resumeReading } from './paused-reading.ts'

export type UnreadLimits = {
  /** A client that reads nothing is disconnected after one to two times this many milliseconds. */
  timeoutMs: number
  /** Bytes that clients have not read yet, of all connections together. */
  totalMax: number
  /** Called for each connection that is closed for this reason. */
  onClose: (reason: 'unread' | 'unread_total') => void
}

/** The interval of the checks, in milliseconds. Requests are not checked individually. */
const lookMs = 250

/**
 * Disconnects clients that do not read their responses. Beyond the total, the connection with the oldest
 * unread bytes is closed first, so that slow clients affect only each other.
 * @returns a function that stops the checks
 */
export const closeUnread = (server: Server, limits: UnreadLimits): (() => void) => {
  const connections = new UnreadConnections(limits)
  server.on('connection', (socket: Socket) => connections.add(socket))
  // Keep-alive timeouts emit this event too; with a listener Node does not close the socket.
  server.on('timeout', (socket: Socket) => connections.timedOut(socket))
  const timer = setInterval(() => connections.look(), lookMs).unref()
  return () => clearInterval(timer)
}

class UnreadConnections {
  readonly #limits: UnreadLimits
  readonly #open = new Set<Socket>()
  /** Ordered by the age of their unread bytes. */
  readonly #behind = new Set<Socket>()

  constructor(limits: UnreadLimits) {
    this.#limits = limits
  }

  add(socket: Socket): void {
    this.#open.add(socket)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#behind.delete(socket)
    })
  }

  timedOut(socket: Socket): void {
    if (this.#behind.has(socket)) this.#limits.onClose('unread')
    socket.destroy()
  }

  look(): void {
    let total = 0
    for (const socket of this.#open) {
      if (socket.writableLength > 0) this.#fallsBehind(socket)
      else if (this.#behind.delete(socket)) this.#catchesUp(socket)
      total += socket.writableLength
    }
    this.#shed(total)
  }

  /**
   * The socket's timer restarts whenever the client reads a part of a write, and whenever the client sends
   * something. So nothing more is read from it: else it could send single bytes for ever.
   */
  #fallsBehind(socket: Socket): void {
    if (this.#behind.has(socket)) return
    this.#behind.add(socket)
    pauseReading(socket, 'unread')
    socket.setTimeout(this.#limits.timeoutMs)
  }

  /** Node may have replaced the timer by its keep-alive timer. */
  #catchesUp(socket: Socket): void {
    if (socket.timeout === this.#limits.timeoutMs) socket.setTimeout(0)
    resumeReading(socket, 'unread')
  }

  #shed(total: number): void {
    let left = total
    for (const socket of this.#behind) {
      if (left <= this.#limits.totalMax) return
      left -= socket.writableLength
      this.#limits.onClose('unread_total')
      socket.destroy()
    }
  }
}
