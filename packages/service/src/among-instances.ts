import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController
type Options = Dispatcher.DispatchOptions
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2]

/** How long an instance is passed over, in milliseconds. */
const passedOverMs = 1_000

/**
 * Makes requests go round an instance that is stopping or has stopped, while there is another one of
 * its service. An instance that answers with `connection: close`, as a stopping one does, or that
 * refuses a connection, is passed over for a second. A request whose connection was refused goes to
 * another instance, whatever its method: nothing of it was sent.
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

  /** The wanted one, or another one in turn while it is passed over and the other is not. */
  choose(wanted: string): string {
    if (!this.#isPassedOver(wanted)) return wanted
    return this.#next((origin) => !this.#isPassedOver(origin)) ?? wanted
  }

  /** One that was not tried yet, rather one that is not passed over. */
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

/** A request, which is sent to one instance at most. */
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
    // A caller that closes its connections itself learns nothing from it.
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

/** Codes of errors that occur only while a connection is made. */
const refusals = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']

const isRefused = (error: Error): boolean =>
  'code' in error && refusals.includes(String(error.code))

/** Nothing of a stream has been read when its connection is refused. */
const isWhole = (body: Options['body']): boolean =>
  !(body instanceof Readable) || !(body.destroyed || body.readableDidRead)
