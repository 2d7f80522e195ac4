import { briefCause, causesOf, unknownCause } from './brief-cause.ts'

/** The methods of a logger that are used here. */
export type CauseLogger = { warn(fields: object, message: string): void }

/** Minimum interval between two lines with the same cause, in milliseconds. */
const intervalMs = 1_000

/** Maximum number of causes in memory. Beyond it, the oldest is removed. */
const causesMax = 100

type Written = { at: number; suppressed: number }

/** Expected failures can occur thousands of times per second. Each cause is logged at most once per second. */
export class CauseLog {
  readonly #written = new Map<string, Written>()
  readonly #now: () => number

  /** @param now returns the time in milliseconds, from a monotonic clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /**
   * Logs a failure with its cause and the number of equal lines suppressed since the last one.
   * The stack is logged only if the cause is unknown.
   */
  write(log: CauseLogger, error: unknown, message: string, fields: object = {}): void {
    const cause = briefCause(error)
    const last = this.#written.get(`${message} ${cause}`)
    if (last !== undefined && this.#now() - last.at < intervalMs) {
      last.suppressed += 1
      return
    }
    this.#remember(`${message} ${cause}`)
    const { suppressed = 0 } = last ?? {}
    const reported = { cause, ...detailOf(error, cause), ...(suppressed > 0 && { suppressed }) }
    log.warn({ ...fields, ...reported }, message)
  }

  #remember(key: string): void {
    this.#written.delete(key)
    this.#written.set(key, { at: this.#now(), suppressed: 0 })
    const [oldest] = this.#written.keys()
    if (this.#written.size > causesMax && oldest !== undefined) this.#written.delete(oldest)
  }
}

const detailOf = (error: unknown, cause: string): object => {
  const causes = causesOf(error)
  const known = causes.find((each) => each !== error && briefCause(each) === cause)
  const detail = (known ?? causes.at(-1))?.message
  return { detail, ...(cause === unknownCause && causes.length > 0 && { err: error }) }
}
