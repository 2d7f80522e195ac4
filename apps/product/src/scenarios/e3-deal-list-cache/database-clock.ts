/** The lower and the upper bound of a clock's time, in milliseconds since 1970. */
export type Moment = { earliest: number; latest: number }

/**
 * The maximum drift between two clocks per unit of time: 500 ppm for each of them, the maximum by
 * which NTP slews a clock.
 * @see https://www.rfc-editor.org/rfc/rfc5905#appendix-A.1.1
 */
const driftMax = 0.001

/**
 * Estimates the database's clock from this process's monotonic clock and from readings. A reading
 * returns the time of the database's clock between its request and its response. The offset of the two
 * clocks lies within the bounds of every reading, widened by the drift since (Marzullo's intersection,
 * of two).
 */
export class DatabaseClock {
  readonly #now: () => number
  /** The bounds of its offset from the process's clock. */
  #bounds = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY }
  #learntAt = 0

  /** @param now the time of a monotonic clock, in milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /** The bounds are infinite before the first reading. */
  now(): Moment {
    const own = this.#now()
    const drift = (own - this.#learntAt) * driftMax
    return { earliest: own + this.#bounds.least - drift, latest: own + this.#bounds.most + drift }
  }

  /**
   * Reads the database's clock and narrows the bounds.
   * @throws the errors of `ask`
   */
  async read<Answer>(ask: () => Promise<Answer>, shownIn: (answer: Answer) => number) {
    const before = this.#now()
    const answer = await ask()
    this.#learn(shownIn(answer), before, this.#now())
    return answer
  }

  #learn(shown: number, before: number, after: number): void {
    const drift = (after - this.#learntAt) * driftMax
    const least = Math.max(shown - after, this.#bounds.least - drift)
    const most = Math.min(shown - before, this.#bounds.most + drift)
    // If the bounds do not overlap, the clock was set or the database was replaced: the newer bounds apply.
    this.#bounds = least <= most ? { least, most } : { least: shown - after, most: shown - before }
    this.#learntAt = after
  }
}
