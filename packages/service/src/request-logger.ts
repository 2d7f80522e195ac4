import type { FastifyBaseLogger } from 'fastify'

type Bindings = Record<string, unknown>
type Options = Parameters<FastifyBaseLogger['child']>[1]

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

/** The methods of pino's logger that are used here. */
type Parent = FastifyBaseLogger & { isLevelEnabled?: (level: string) => boolean }

/**
 * The logger of one request. Its child logger is created for the first line: most requests write no
 * other line than the request log, and a child per request costs a tenth of a short request. Its
 * methods are not getters, because Fastify reads each of them twice per request to check its type.
 */
export class RequestLogger implements FastifyBaseLogger {
  readonly #parent: Parent
  readonly #bindings: Bindings
  readonly #options: Options
  #own: FastifyBaseLogger | undefined

  constructor(parent: FastifyBaseLogger, bindings: Bindings, options: Options) {
    this.#parent = parent
    this.#bindings = bindings
    this.#options = options
  }

  get level(): string {
    return this.#parent.level
  }

  fatal(...given: unknown[]): void {
    this.#write('fatal', given)
  }

  error(...given: unknown[]): void {
    this.#write('error', given)
  }

  warn(...given: unknown[]): void {
    this.#write('warn', given)
  }

  info(...given: unknown[]): void {
    this.#write('info', given)
  }

  debug(...given: unknown[]): void {
    this.#write('debug', given)
  }

  trace(...given: unknown[]): void {
    this.#write('trace', given)
  }

  silent(): void {}

  child(bindings: Bindings, options?: Options): FastifyBaseLogger {
    return this.#child().child(bindings, options)
  }

  #write(level: Level, given: unknown[]): void {
    if (this.#parent.isLevelEnabled?.(level) === false) return
    const own = this.#child()
    Reflect.apply(own[level], own, given)
  }

  #child(): FastifyBaseLogger {
    this.#own ??= this.#parent.child(this.#bindings, this.#options)
    return this.#own
  }
}
