import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { pauseReading, resumeReading } from './paused-reading.ts'

/** Maximum number of pipelined requests that wait on one connection. */
export const pipelinedMax = 256

/** The same for all connections of a process. Each takes about 5 KB. */
const pipelinedTotalMax = 16_384

type Waiting = { response: ServerResponse; begin: () => void }

/**
 * Node emits all pipelined requests of a connection at once. Here the next one starts after the
 * previous response has been written, and reading pauses until then. A connection with too many
 * waiting requests is closed.
 */
export const oneAtATime = (app: FastifyInstance, onClose: () => void): void => {
  const lines = new PipelinedRequests(onClose)
  app.addHook('onRequest', (request, reply, done) => {
    lines.add(request.raw.socket, { response: reply.raw, begin: () => done() })
  })
}

class PipelinedRequests {
  readonly #lines = new WeakMap<Socket, Waiting[]>()
  readonly #onClose: () => void
  #total = 0

  constructor(onClose: () => void) {
    this.#onClose = onClose
  }

  add(socket: Socket, request: Waiting): void {
    const line = this.#lines.get(socket)
    if (line !== undefined) this.#wait(socket, line, request)
    else {
      this.#lines.set(socket, [])
      this.#begin(socket, request)
    }
  }

  #wait(socket: Socket, line: Waiting[], request: Waiting): void {
    // Node may have more of them in its buffer.
    if (socket.destroyed) return
    if (line.length >= pipelinedMax || this.#total >= pipelinedTotalMax) {
      this.#onClose()
      socket.destroy()
      return
    }
    pauseReading(socket, 'pipelined')
    line.push(request)
    this.#total += 1
  }

  #begin(socket: Socket, { response, begin }: Waiting): void {
    response.once('close', () => this.#next(socket))
    begin()
  }

  #next(socket: Socket): void {
    const line = this.#lines.get(socket) ?? []
    // The response could not be sent, for example after `Connection: close`.
    if (!socket.writable) this.#total -= line.splice(0).length
    const request = line.shift()
    if (request === undefined) {
      this.#lines.delete(socket)
      return
    }
    this.#total -= 1
    if (line.length === 0) resumeReading(socket, 'pipelined')
    this.#begin(socket, request)
  }
}
