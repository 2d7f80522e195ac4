import { type OpenApiDocument, type Operation, operationsOf } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import type { ValidateFunction } from 'ajv'
import { Agent } from 'undici'
import type { CallContext } from './call-context.ts'
import { strictAjv } from './validator.ts'

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
  /** Asked in turn. */
  urls: readonly string[]
  internalKey: string
  document: OpenApiDocument
}

/**
 * Another service, called by operationId. An answer is checked against the contract before it is
 * believed; nothing is repeated here.
 */
export class Upstream<Types extends object> {
  readonly #options: UpstreamOptions
  readonly #agent = new Agent({ connections: 64, connect: { timeout: 1_000 } })
  readonly #operations: ReadonlyMap<string, Operation & { validate: ValidateFunction }>
  #next = 0

  constructor(options: UpstreamOptions) {
    this.#options = options
    const internal = operationsOf(options.document).filter((each) => each.internal)
    this.#operations = new Map(
      internal.map((each) => [each.operationId, { ...each, validate: answerValidator(each) }]),
    )
  }

  /**
   * @throws ApiError SERVICE_UNAVAILABLE where it is away or answers with an error,
   * DEADLINE_EXCEEDED where no answer came in time; in both the outcome is unknown
   */
  async call<Id extends keyof Types & string>(
    operationId: Id,
    call: Call<Types[Id]>,
  ): Promise<Answer<Types[Id]>> {
    const operation = this.#operations.get(operationId)
    if (!operation)
      throw new Error(`${this.#options.name} has no internal operation ${operationId}.`)
    const answer = await this.#request(operation, call as Call<Operations>)
    if (operation.validate(answer)) return answer as Answer<Types[Id]>
    throw this.#unavailable(new Error(`${operationId} answered with another shape.`))
  }

  async #request(operation: Operation, call: Call<Operations>): Promise<unknown> {
    const signal = AbortSignal.timeout(call.deadline.remainingMs())
    try {
      const { statusCode, body } = await this.#agent.request({
        origin: this.#origin(),
        path: fill(operation.path, call.path ?? {}),
        method: operation.method.toUpperCase() as 'POST',
        headers: this.#headers(call),
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
        signal,
      })
      const answer = await body.json()
      if (statusCode === 200) return answer
      throw new Error(`${operation.operationId} answered ${statusCode}.`)
    } catch (cause) {
      throw signal.aborted ? new ApiError('DEADLINE_EXCEEDED', { cause }) : this.#unavailable(cause)
    }
  }

  #headers({ body, deadline, trace }: Call<Operations>): Record<string, string> {
    return {
      ...trace,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      'x-internal-key': this.#options.internalKey,
      'x-deadline-ms': String(deadline.remainingMs()),
    }
  }

  #origin(): string {
    const { urls } = this.#options
    this.#next = (this.#next + 1) % urls.length
    return urls[this.#next] as string
  }

  #unavailable(cause: unknown): ApiError {
    const message = `${this.#options.name} cannot answer right now. Repeat after the time in Retry-After.`
    return new ApiError('SERVICE_UNAVAILABLE', { message, cause })
  }

  /** Resolves where any of its addresses answers. */
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

const answerValidator = ({ responses, operationId }: Operation): ValidateFunction => {
  const schema = responses['200']?.content?.['application/json']?.schema
  if (schema === undefined) throw new Error(`${operationId} has no answer to check against.`)
  return strictAjv.compile(schema)
}

const fill = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
