import { Readable } from 'node:stream'
import { ApiError } from '@flash-deal/errors'
import type { Leave } from '@flash-deal/service'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Dispatcher } from 'undici'
import { isRepeatable, toApiError } from '../../domain/failures.ts'
import { returnedHeaders } from '../../domain/forwarded-headers.ts'
import { type RetryBudget, retryDelayMs } from '../../domain/retry-budget.ts'
import type { RoutePool } from '../../domain/route-pool.ts'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2]

/** The options of all requests of one operation. */
export type OperationOptions = {
  pool: RoutePool
  nextOrigin: () => string
  headersOf: (request: FastifyRequest) => string[]
  /** A read: it is retried once if its connection fails, and aborted if the client disconnects. */
  isRead: boolean
  budget: RetryBudget
  onDispatch: () => void
}

/**
 * One request to a service and its response. It keeps its place until the service has responded. It is
 * itself undici's handler, so that no other object is needed per request.
 */
export class Exchange implements Handler {
  readonly #options: OperationOptions
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  #leave: Leave = () => {}
  #timer: NodeJS.Timeout | undefined
  #repeat: NodeJS.Timeout | undefined
  #controller: Controller | undefined
  #waiting: AbortController | undefined
  #ending: ApiError | undefined
  #isRepeated = false
  #isOver = false
  #status = 0
  #headers: Headers = {}
  #body: Buffer[] = []

  constructor(options: OperationOptions, request: FastifyRequest, reply: FastifyReply) {
    this.#options = options
    this.#request = request
    this.#reply = reply
  }

  /** Sends the reply, now or later. It never throws. */
  begin(): void {
    this.#options.budget.request()
    this.#reply.raw.once('close', () => this.#closed())
    const leave = this.#options.pool.tryEnter()
    if (leave === undefined) this.#wait()
    else this.#entered(leave)
  }

  #wait(): void {
    this.#waiting = new AbortController()
    this.#options.pool.enter(this.#request, this.#waiting.signal).then(
      (leave) => this.#entered(leave),
      (error: Error) => this.#fail(error),
    )
  }

  #entered(leave: Leave): void {
    this.#leave = leave
    this.#waiting = undefined
    try {
      // The client may have disconnected just now.
      if (this.#ending) throw this.#ending
      const end = (): void => this.#end(new ApiError('DEADLINE_EXCEEDED'))
      this.#timer = setTimeout(end, this.#request.deadline.remainingMs())
      this.#dispatch()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** @throws ApiError DEADLINE_EXCEEDED */
  #dispatch(): void {
    const { pool, nextOrigin, headersOf, isRead, onDispatch } = this.#options
    const request = this.#request
    onDispatch()
    pool.agent.dispatch(
      {
        origin: nextOrigin(),
        path: request.raw.url ?? '/',
        method: request.method as Dispatcher.HttpMethod,
        headers: headersOf(request),
        body: !isRead && Buffer.isBuffer(request.body) ? request.body : null,
      },
      this,
    )
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#ending) controller.abort(this.#ending)
  }

  onResponseStart(_controller: Controller, status: number, headers: Headers): void {
    // The following methods concern the final response.
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#body.push(chunk)
  }

  onResponseEnd(): void {
    try {
      this.#respond()
      this.#over()
    } catch (error) {
      // For example an invalid status.
      this.#fail(error)
    }
  }

  /** @throws Error if the status is invalid. No header is set then, so the error has none of them. */
  #respond(): void {
    this.#reply.code(this.#status)
    for (const name of returnedHeaders) {
      const value = this.#headers[name]
      if (value !== undefined) this.#reply.header(name, String(value))
    }
    this.#reply.send(this.#whole())
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#controller = undefined
    if (this.#mayRepeat(error)) this.#repeat = setTimeout(() => this.#again(), retryDelayMs())
    else this.#fail(error)
  }

  #whole(): Buffer | Readable {
    // The body is empty, and the length is that of the response to GET.
    if (this.#request.method === 'HEAD') return Readable.from([])
    const [first, ...more] = this.#body
    return first !== undefined && more.length === 0 ? first : Buffer.concat(this.#body)
  }

  /** A failed request may have taken effect, so only reads are retried, once. */
  #mayRepeat(error: Error): boolean {
    if (this.#ending || this.#isRepeated || this.#status !== 0) return false
    return this.#options.isRead && isRepeatable(error) && this.#options.budget.spend()
  }

  #again(): void {
    this.#isRepeated = true
    this.#repeat = undefined
    try {
      this.#dispatch()
    } catch (error) {
      this.#fail(error)
    }
  }

  #end(reason: ApiError): void {
    this.#ending = reason
    if (this.#waiting) this.#waiting.abort()
    else if (this.#controller) this.#controller.abort(reason)
    else if (this.#repeat) this.#fail(reason)
  }

  #closed(): void {
    const isUnsent = this.#waiting !== undefined
    if (this.#isOver || !(isUnsent || this.#options.isRead)) return
    this.#end(new ApiError('SERVICE_UNAVAILABLE', { message: 'The client disconnected.' }))
  }

  #fail(error: unknown): void {
    if (this.#isOver) return
    this.#over()
    this.#reply.send(toApiError(error))
  }

  /** The service has responded; the client may take longer to read. */
  #over(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    clearTimeout(this.#repeat)
    this.#leave()
  }
}
