import { type OpenApiDocument, type Operation, operationsOf } from '@flash-deal/contracts'
import { ApiError, NotStarted } from '@flash-deal/errors'
import type { ValidateFunction } from 'ajv'
import type { Dispatcher } from 'undici'
import { amongInstances } from './among-instances.ts'
import { Bulkhead } from './bulkhead.ts'
import type { CallContext } from './call-context.ts'
import { clientAgent } from './client-spans.ts'
import { responseValidatorOf } from './contract-validators.ts'
import { roundRobin } from './round-robin.ts'

/** The part of a generated operation type that a call needs. */
type CallTypes = {
  parameters: { path?: unknown }
  requestBody?: { content: { 'application/json': unknown } } | undefined
  responses: { 200: { content: { 'application/json': unknown } } }
}

type Operations = Record<string, unknown>
type Answer<Types> = Types extends CallTypes
  ? Types['responses'][200]['content']['application/json']
  : never
type Body<Types> = Types extends { requestBody: { content: { 'application/json': infer Sent } } }
  ? Sent
  : undefined

export type Call<Types> = CallContext & {
  path?: Readonly<Record<string, string>>
  body: Body<Types>
}

export type UpstreamOptions = {
  name: string
  /** Called in rotation. */
  urls: readonly string[]
  internalKey: string
  document: OpenApiDocument
  /** False for a new connection for each call; true by default. */
  keepAlive?: boolean
}

/** Maximum number of concurrent calls of one operation. */
const callsAtATime = 64

/** Maximum number of waiting calls of one operation; the next is rejected. */
const waitingMax = 256

/** Maximum size of a response in bytes: 100 results of ten lines, all characters escaped, take 1.4 MB. */
const maxResponseSize = 2_097_152

type Callable = Operation & { validate: ValidateFunction; bulkhead: Bulkhead }

/**
 * Another service, called by operationId. Responses are validated against the contract; a request that
 * was sent is not retried. Each operation has its own limit and queue, so that load on one does not
 * delay another.
 */
export class Upstream<Types extends object> {
  readonly #options: UpstreamOptions
  readonly #agent: Dispatcher
  readonly #operations: ReadonlyMap<string, Callable>
  readonly #nextOrigin: () => string

  constructor(options: UpstreamOptions) {
    this.#options = options
    this.#nextOrigin = roundRobin(options.urls)
    const internal = operationsOf(options.document).filter((each) => each.internal)
    this.#operations = new Map(
      internal.map((each) => [each.operationId, callable(each, options.document)]),
    )
    // A connection for each call, so that no call waits in undici, which does not check deadlines.
    // One more is for the readiness check.
    const connections = internal.length * callsAtATime + 1
    const pipelining = options.keepAlive === false ? 0 : 1
    const connect = { timeout: 1_000 }
    const agent = clientAgent({ connections, pipelining, connect, maxResponseSize })
    this.#agent = amongInstances(agent, [options.urls])
  }

  /**
   * @throws NotStarted if nothing was sent, because the queue is full or the deadline has expired;
   * ApiError SERVICE_UNAVAILABLE if it is unavailable or responds with an error, DEADLINE_EXCEEDED
   * without a response in time; the outcome of both is unknown
   */
  async call<Id extends keyof Types & string>(
    operationId: Id,
    call: Call<Types[Id]>,
  ): Promise<Answer<Types[Id]>> {
    const operation = this.#operations.get(operationId)
    if (!operation)
      throw new Error(`${this.#options.name} has no internal operation ${operationId}.`)
    const answer = await this.#inTurn(operation, call as Call<Operations>)
    if (operation.validate(answer)) return answer as Answer<Types[Id]>
    throw this.#unavailable(new Error(`${operationId} returned a response with another shape.`))
  }

  async #inTurn(operation: Callable, call: Call<Operations>): Promise<unknown> {
    const leave = await operation.bulkhead.enter(call.deadline).catch((error: NotStarted) => {
      throw error.code === 'SERVICE_UNAVAILABLE' ? this.#notStarted(error) : error
    })
    try {
      return await this.#request(operation, call)
    } finally {
      leave()
    }
  }

  async #request(operation: Operation, call: Call<Operations>): Promise<unknown> {
    // Nothing has been sent yet. The outcome of every later error is unknown.
    const ms = call.deadline.remainingToStart()
    // `AbortSignal.timeout` would keep its timer, and a finalizer, until the deadline of every call.
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), ms)
    const { signal } = late
    try {
      const { statusCode, body } = await this.#agent.request({
        origin: this.#nextOrigin(),
        path: fill(operation.path, call.path ?? {}),
        method: operation.method.toUpperCase() as 'POST',
        reset: this.#options.keepAlive === false,
        headers: this.#headers(call, ms),
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
        signal: call.stopping ? AbortSignal.any([signal, call.stopping]) : signal,
      })
      if (statusCode === 200) return await body.json()
      // It is read, so that the next call can use the connection.
      await body.dump()
      throw new Error(`${operation.operationId} answered ${statusCode}.`)
    } catch (cause) {
      throw signal.aborted ? new ApiError('DEADLINE_EXCEEDED', { cause }) : this.#unavailable(cause)
    } finally {
      clearTimeout(timer)
    }
  }

  #headers({ body, trace }: Call<Operations>, ms: number): Record<string, string> {
    return {
      ...trace,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      'x-internal-key': this.#options.internalKey,
      'x-deadline-ms': String(ms),
    }
  }

  #unavailable(cause: unknown): ApiError {
    return new ApiError('SERVICE_UNAVAILABLE', { message: this.#cannotAnswer(), cause })
  }

  #notStarted(cause: unknown): NotStarted {
    return new NotStarted('SERVICE_UNAVAILABLE', { message: this.#cannotAnswer(), cause })
  }

  #cannotAnswer(): string {
    return `${this.#options.name} cannot answer right now. Repeat after the time in Retry-After.`
  }

  /** Resolves if any of its addresses responds. */
  async ping(): Promise<void> {
    await Promise.any(this.#options.urls.map((origin) => this.#pingAt(origin)))
  }

  async #pingAt(origin: string): Promise<void> {
    const { statusCode, body } = await this.#agent.request({
      origin,
      path: '/health',
      method: 'GET',
      signal: AbortSignal.timeout(1_000),
    })
    await body.dump()
    if (statusCode !== 200) throw new Error(`${this.#options.name} answered ${statusCode}.`)
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }
}

/** The limits of calls, for every protocol. */
export const callBulkhead = (): Bulkhead =>
  new Bulkhead({ concurrency: callsAtATime, queueMax: waitingMax, waitShare: 0.5 })

const callable = (operation: Operation, document: OpenApiDocument): Callable => ({
  ...operation,
  validate: responseValidatorOf(document, operation.operationId),
  bulkhead: callBulkhead(),
})

const fill = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
