import { briefCause, causesOf, unknownCause } from './brief-cause.ts'

/** The part of a logger that is needed here. */
export type CauseLogger = { warn(fields: object, message: string): void }

/** The same cause is written again after this time, in milliseconds. */
const againMs = 1_000

/** Different causes that are remembered at a time; beyond it the oldest is forgotten. */
const causesMax = 100

type Written = { at: number; suppressed: number }

/** Failures that are expected come in thousands: each cause is written at most once a second. */
export class CauseLog {
  readonly #written = new Map<string, Written>()
  readonly #now: () => number

  /** @param now the time in milliseconds, on a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /**
   * Writes a line of what failed and why, with how many like it were left out since the last one.
   * The stack stands in it only where the cause is none that is known.
   */
  write(log: CauseLogger, error: unknown, message: string, fields: object = {}): void {
    const cause = briefCause(error)
    const last = this.#written.get(`${message} ${cause}`)
    if (last !== undefined && this.#now() - last.at < againMs) {
      last.suppressed += 1
      return
    }
    this.#remember(`${message} ${cause}`)
    const { suppressed = 0 } = last ?? {}
    const told = { cause, ...detailOf(error, cause), ...(suppressed > 0 && { suppressed }) }
    log.warn({ ...fields, ...told }, message)
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
