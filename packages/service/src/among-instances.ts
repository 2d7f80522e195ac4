import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Dispatcher, errors } from 'undici'
import { type Controller, ForwardingHandler, type ResponseHeaders } from './forwarding-handler.ts'

type Options = Dispatcher.DispatchOptions

/** The interval at which the readiness of a skipped instance is checked, in milliseconds. */
const checkEveryMs = 1_000

/**
 * Sends requests to other instances of a service while one is stopping or has stopped. An instance that
 * responds with `connection: close`, as a stopping one does, or that refuses a connection, is skipped
 * until `GET /health/ready` succeeds there: a stopping instance closes its idle connections at the end,
 * and a request that is sent at that moment would fail. A request whose connection was refused is sent
 * to another instance, whatever its method, because nothing of it was sent.
 *
 * @param services the addresses of the instances of each service
 * @param everyMs the interval of the readiness checks of a skipped instance, in milliseconds
 */
export const amongInstances = (
  agent: Dispatcher,
  services: readonly (readonly string[])[],
  everyMs = checkEveryMs,
): Dispatcher => {
  const several = services.filter((urls) => urls.length > 1)
  if (several.length === 0) return agent
  const known = new Map(
    several.flatMap((urls) => {
      const check = (origin: string) => isReady(agent, origin)
      const instances = new Instances(urls.map(originOf), check, everyMs)
      return urls.map((url) => [originOf(url), instances] as const)
    }),
  )
  return agent.compose((dispatch) => (options, handler) => {
    const instances = known.get(String(options.origin))
    return instances === undefined
      ? dispatch(options, handler)
      : new Attempt({ dispatch, instances, options, handler }).send()
  })
}

const originOf = (url: string): string => new URL(url).origin

/** @returns undefined if the agent is closed */
const isReady = async (agent: Dispatcher, origin: string): Promise<boolean | undefined> => {
  const signal = AbortSignal.timeout(checkTimeoutMs)
  try {
    const request = { origin, path: '/health/ready', method: 'GET', signal } as const
    const { statusCode, body } = await agent.request(request)
    await body.dump()
    // A stopping instance is not ready. `connection: close` would have no meaning here if the agent
    // closes its connections itself.
    return statusCode === 200
  } catch (error) {
    return error instanceof errors.ClientDestroyedError ? undefined : false
  }
}

const checkTimeoutMs = 2_500

/** Resolves to undefined if the agent is closed, so that the checks end. */
type Check = (origin: string) => Promise<boolean | undefined>

/** The instances of one service. */
class Instances {
  readonly #origins: readonly string[]
  readonly #check: Check
  readonly #everyMs: number
  readonly #skipped = new Set<string>()
  #turn = 0

  constructor(origins: readonly string[], check: Check, everyMs: number) {
    this.#origins = origins
    this.#check = check
    this.#everyMs = everyMs
  }

  skip(origin: string): void {
    if (this.#skipped.has(origin)) return
    this.#skipped.add(origin)
    void this.#untilReady(origin)
  }

  async #untilReady(origin: string): Promise<void> {
    let ready: boolean | undefined = false
    while (ready === false) {
      await sleep(this.#everyMs, undefined, { ref: false })
      ready = await this.#check(origin)
    }
    this.#skipped.delete(origin)
  }

  /** The requested instance; if it is skipped, another one in rotation that is not. */
  choose(wanted: string): string {
    if (!this.#skipped.has(wanted)) return wanted
    return this.#next((origin) => !this.#skipped.has(origin)) ?? wanted
  }

  /** An instance that was not tried yet; preferably one that is not skipped. */
  another(tried: ReadonlySet<string>): string | undefined {
    const isLeft = (origin: string): boolean => !tried.has(origin)
    return (
      this.#next((origin) => isLeft(origin) && !this.#skipped.has(origin)) ?? this.#next(isLeft)
    )
  }

  #next(isGood: (origin: string) => boolean): string | undefined {
    const good = this.#origins.filter(isGood)
    this.#turn += 1
    return good[this.#turn % good.length]
  }
}

type AttemptOptions = {
  dispatch: Dispatcher['dispatch']
  instances: Instances
  options: Options
  handler: Dispatcher.DispatchHandler
}

/** A request, which is sent to at most one instance. */
class Attempt extends ForwardingHandler {
  readonly #given: AttemptOptions
  readonly #tried = new Set<string>()
  #origin: string

  constructor(given: AttemptOptions) {
    super(given.handler)
    this.#given = given
    this.#origin = given.instances.choose(String(given.options.origin))
  }

  send(): boolean {
    return this.#sendTo(this.#origin)
  }

  #sendTo(origin: string): boolean {
    const { dispatch, options } = this.#given
    this.#origin = origin
    this.#tried.add(origin)
    return dispatch({ ...options, origin }, this)
  }

  override onResponseStart(
    controller: Controller,
    status: number,
    headers: ResponseHeaders,
    message?: string,
  ): void {
    const { instances, options } = this.#given
    // If the caller closes its connections itself, the header has no meaning.
    if (headers.connection === 'close' && !options.reset) instances.skip(this.#origin)
    super.onResponseStart(controller, status, headers, message)
  }

  override onResponseError(controller: Controller, error: Error): void {
    const next = isRefused(error) ? this.#elsewhere() : undefined
    if (next === undefined) super.onResponseError(controller, error)
    else this.#sendTo(next)
  }

  #elsewhere(): string | undefined {
    const { instances, options } = this.#given
    instances.skip(this.#origin)
    return isWhole(options.body) ? instances.another(this.#tried) : undefined
  }
}

/** Codes of errors that occur only while a connection is opened. */
const refusals = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']

const isRefused = (error: Error): boolean =>
  'code' in error && refusals.includes(String(error.code))

/** A refused connection has read nothing of a stream, so it can be sent again. */
const isWhole = (body: Options['body']): boolean =>
  !(body instanceof Readable) || !(body.destroyed || body.readableDidRead)
