import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController
type Options = Dispatcher.DispatchOptions
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2]

/** The time for which an instance is skipped, in milliseconds. */
const passedOverMs = 1_000

/**
 * Sends requests to other instances of a service while one is stopping or has stopped. An instance that
 * responds with `connection: close`, as a stopping one does, or that refuses a connection, is skipped
 * for a second. A request whose connection was refused is sent to another instance, whatever its
 * method, because nothing of it was sent.
 *
 * @param services the addresses of the instances of each service
 */
export const amongInstances = (
  agent: Dispatcher,
  services: readonly (readonly string[])[],
): Dispatcher => {
  const several = services.filter((urls) => urls.length > 1)
  if (several.length === 0) return agent
  const known = new Map(
    several.flatMap((urls) => {
      const instances = new Instances(urls.map(originOf))
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

/** The instances of one service. */
class Instances {
  readonly #origins: readonly string[]
  readonly #passedOverUntil = new Map<string, number>()
  #turn = 0

  constructor(origins: readonly string[]) {
    this.#origins = origins
  }

  passOver(origin: string): void {
    this.#passedOverUntil.set(origin, performance.now() + passedOverMs)
  }

  /** The requested instance; if it is skipped, another one in rotation that is not. */
  choose(wanted: string): string {
    if (!this.#isPassedOver(wanted)) return wanted
    return this.#next((origin) => !this.#isPassedOver(origin)) ?? wanted
  }

  /** An instance that was not tried yet; preferably one that is not skipped. */
  another(tried: ReadonlySet<string>): string | undefined {
    const isLeft = (origin: string): boolean => !tried.has(origin)
    return (
      this.#next((origin) => isLeft(origin) && !this.#isPassedOver(origin)) ?? this.#next(isLeft)
    )
  }

  #isPassedOver(origin: string): boolean {
    const until = this.#passedOverUntil.get(origin)
    if (until === undefined) return false
    if (performance.now() < until) return true
    this.#passedOverUntil.delete(origin)
    return false
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
  handler: Handler
}

/** A request, which is sent to at most one instance. */
class Attempt implements Handler {
  readonly #given: AttemptOptions
  readonly #tried = new Set<string>()
  #origin: string

  constructor(given: AttemptOptions) {
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

  onRequestStart(controller: Controller, context: unknown): void {
    this.#given.handler.onRequestStart?.(controller, context)
  }

  onResponseStart(
    controller: Controller,
    status: number,
    headers: Headers,
    message?: string,
  ): void {
    const { instances, options, handler } = this.#given
    // If the caller closes its connections itself, the header has no meaning.
    if (headers.connection === 'close' && !options.reset) instances.passOver(this.#origin)
    handler.onResponseStart?.(controller, status, headers, message)
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#given.handler.onResponseData?.(controller, chunk)
  }

  onResponseEnd(controller: Controller, trailers: Headers): void {
    this.#given.handler.onResponseEnd?.(controller, trailers)
  }

  onResponseError(controller: Controller, error: Error): void {
    const { instances, handler } = this.#given
    const next = isRefused(error) ? this.#elsewhere(instances) : undefined
    if (next === undefined) handler.onResponseError?.(controller, error)
    else this.#sendTo(next)
  }

  #elsewhere(instances: Instances): string | undefined {
    instances.passOver(this.#origin)
    return isWhole(this.#given.options.body) ? instances.another(this.#tried) : undefined
  }
}

/** Codes of errors that occur only while a connection is opened. */
const refusals = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']

const isRefused = (error: Error): boolean =>
  'code' in error && refusals.includes(String(error.code))

/** A refused connection has read nothing of a stream, so it can be sent again. */
const isWhole = (body: Options['body']): boolean =>
  !(body instanceof Readable) || !(body.destroyed || body.readableDidRead)
