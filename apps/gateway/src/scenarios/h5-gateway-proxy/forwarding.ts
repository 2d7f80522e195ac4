import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import type { FastifyHttpProxyOptions } from '@fastify/http-proxy'
import { ApiError } from '@flash-deal/errors'
import type { Leave } from '@flash-deal/service'
import type { Dispatcher } from 'undici'
import type { Requesting, RoutePool } from '../../domain/route-pool.ts'
import { WatchedHandler } from '../../domain/watched-handler.ts'

export type ForwardingOptions = {
  pool: RoutePool
  request: Requesting
  /** The reply to the client. */
  response: ServerResponse
  /** A read: it is cancelled if the client disconnects. */
  isRead: boolean
}

/**
 * A request to a service: it waits for a place of its class, keeps it until the response is complete
 * or has failed, and ends at its deadline.
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

  /** Waits for the place. @throws ApiError as a bulkhead does, or if the client has disconnected */
  async begin(): Promise<void> {
    const { pool, request } = this.#options
    const { signal } = this.#ending
    this.#leave = await pool.enter(request, signal)
    // The client may have disconnected just now. Fastify does not notice that and would call `send`.
    if (signal.aborted) this.#leave()
    signal.throwIfAborted()
  }

  /**
   * Runs the call of the service, now or later, with the client of its pool.
   * @throws ApiError DEADLINE_EXCEEDED
   */
  send<Result>(ask: () => Result): Result {
    const end = (): void => this.#ending.abort(new ApiError('DEADLINE_EXCEEDED'))
    this.#timer = setTimeout(end, this.#options.request.deadline.remainingMs())
    return current.run(this, ask)
  }

  /** The handler for undici, with counters. */
  watched(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    this.#isSent = true
    return new WatchedHandler(handler, this.#ending.signal, () => this.#done())
  }

  /** The service has responded; the client may take longer to read. */
  #done(): void {
    clearTimeout(this.#timer)
    this.#leave()
  }

  #closed(): void {
    const { response, isRead } = this.#options
    if (!this.#isSent) this.#done()
    if (response.writableFinished || (this.#isSent && !isRead)) return
    this.#ending.abort(new ApiError('SERVICE_UNAVAILABLE', { message: 'The client disconnected.' }))
  }
}

/** @fastify/http-proxy does not pass the request to its HTTP client. */
const current = new AsyncLocalStorage<Forwarding>()

type Client = Extract<NonNullable<FastifyHttpProxyOptions['undici']>, { request: unknown }>

/** The HTTP client for forwarded requests, in the form that @fastify/http-proxy needs. */
export const clientOf = (pool: RoutePool): Client => {
  const agent = pool.agent.compose((dispatch) => (options, handler) => {
    const forwarding = current.getStore()
    return dispatch(options, forwarding ? forwarding.watched(handler) : handler)
  })
  // Its types come from an older undici, which declares an empty `body` differently. The methods that
  // it calls are the same.
  const request: unknown = agent.request.bind(agent)
  return { request: request as Client['request'] }
}
