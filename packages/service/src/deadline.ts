import { ApiError, NotStarted } from '@flash-deal/errors'

/** A point in time on the monotonic clock of this process, after which the result is useless. */
export class Deadline {
  readonly #at: number

  private constructor(at: number) {
    this.#at = at
  }

  static in(ms: number): Deadline {
    return new Deadline(performance.now() + ms)
  }

  /** The latest of these; undefined for an empty list. */
  static latestOf(deadlines: readonly Deadline[]): Deadline | undefined {
    return deadlines.reduce<Deadline | undefined>(
      (latest, each) => (latest && latest.#at > each.#at ? latest : each),
      undefined,
    )
  }

  /** Remaining milliseconds; zero or negative after expiry. */
  get leftMs(): number {
    return this.#at - performance.now()
  }

  /**
   * Remaining whole milliseconds, at least 1.
   * @throws ApiError DEADLINE_EXCEEDED after expiry
   */
  remainingMs(): number {
    return this.#remainingOr(ApiError)
  }

  /**
   * The same for work that has not started.
   * @throws NotStarted DEADLINE_EXCEEDED after expiry
   */
  remainingToStart(): number {
    return this.#remainingOr(NotStarted)
  }

  #remainingOr(Expired: typeof ApiError): number {
    const remaining = Math.floor(this.leftMs)
    if (remaining < 1) throw new Expired('DEADLINE_EXCEEDED')
    return remaining
  }
}
