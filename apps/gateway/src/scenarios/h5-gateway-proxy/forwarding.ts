import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import type { FastifyHttpProxyOptions } from '@fastify/http-proxy'
import { ApiError } from '@flash-deal/errors'
import type { Deadline, Leave } from '@flash-deal/service'
import type { Dispatcher } from 'undici'
import type { RoutePool } from '../../domain/route-pool.ts'
import { WatchedHandler } from '../../domain/watched-handler.ts'

export type ForwardingOptions = {
  pool: RoutePool
  deadline: Deadline
  /** To the client. */
  response: ServerResponse
  /** A read: it is cancelled if the client disconnects. */
  isRead: boolean
}

/**
 * A request on its way to a service: it waits for a place among those of its class, keeps it until
 * the response has arrived whole or failed, and ends at its deadline.
 */
export class Forwarding {
  readonly #options: ForwardingOptions
  readonly #ending = new AbortController()
  #leave: Leave = () => {}
  #timer: NodeJS.Timeout | undefined
  #isSent = false

  constructor(options: ForwardingOptions) {
    this.#options = options
    options.response.once('close', () => this.#closed())
  }

  /** Waits for the place. @throws ApiError as a bulkhead does */
  async begin(): Promise<void> {
    const { pool, deadline } = this.#options
    this.#leave = await pool.enter(deadline, this.#ending.signal)
    // The client may have disconnected just now; then `send` is never called.
    if (this.#ending.signal.aborted) this.#leave()
  }

  /**
   * Does what asks the service, now or later, through the client of its pool.
   * @throws ApiError DEADLINE_EXCEEDED
   */
  send<Result>(ask: () => Result): Result {
    const end = (): void => this.#ending.abort(new ApiError('DEADLINE_EXCEEDED'))
    this.#timer = setTimeout(end, this.#options.deadline.remainingMs())
    return current.run(this, ask)
  }

  /** The handler for undici, with counters. */
  watched(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    this.#isSent = true
    return new WatchedHandler(handler, this.#ending.signal, () => this.#done())
  }

  /** The service is done, however long it takes the client to read the response. */
  #done(): void {
    clearTimeout(this.#timer)
    this.#leave()
  }

  #closed(): void {
    const { response, isRead } = this.#options
    if (!this.#isSent) this.#done()
    if (response.writableFinished || (this.#isSent && !isRead)) return
    this.#ending.abort(new ApiError('SERVICE_UNAVAILABLE', { message: 'The client hung up.' }))
  }
}

/** @fastify/http-proxy does not pass the request to its HTTP client. */
const current = new AsyncLocalStorage<Forwarding>()

type Client = Extract<NonNullable<FastifyHttpProxyOptions['undici']>, { request: unknown }>

/** The HTTP client through which forwarded requests go, as @fastify/http-proxy asks for it. */
export const clientOf = (pool: RoutePool): Client => {
  const agent = pool.agent.compose((dispatch) => (options, handler) => {
    const forwarding = current.getStore()
    return dispatch(options, forwarding ? forwarding.watched(handler) : handler)
  })
  // Its types are of the older undici that it brings, and declare a body's `body` as another kind of
  // nothing; what it calls is the same in this one.
  const request: unknown = agent.request.bind(agent)
  return { request: request as Client['request'] }
}
