import { ApiError } from '@flash-deal/errors'

/** The moment up to which an answer is of use, on this process's own monotonic clock. */
export class Deadline {
  readonly #at: number

  private constructor(at: number) {
    this.#at = at
  }

  static in(ms: number): Deadline {
    return new Deadline(performance.now() + ms)
  }

  /** The last of these; undefined where there is none. */
  static latestOf(deadlines: readonly Deadline[]): Deadline | undefined {
    return deadlines.reduce<Deadline | undefined>(
      (latest, each) => (latest && latest.#at > each.#at ? latest : each),
      undefined,
    )
  }

  /** Milliseconds that are left; none or less where it has passed. */
  get leftMs(): number {
    return this.#at - performance.now()
  }

  /**
   * Whole milliseconds that are left, at least 1.
   * @throws ApiError DEADLINE_EXCEEDED where none are
   */
  remainingMs(): number {
    const remaining = Math.floor(this.leftMs)
    if (remaining < 1) throw new ApiError('DEADLINE_EXCEEDED')
    return remaining
  }
}
