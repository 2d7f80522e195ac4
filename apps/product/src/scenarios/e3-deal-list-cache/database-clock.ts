/** What a clock shows, at the earliest and at the latest: milliseconds since 1970. */
export type Moment = { earliest: number; latest: number }

/**
 * By how much two clocks may drift apart in a unit of time, at most: each of them by 500 ppm, the
 * most that NTP corrects a clock by without setting it.
 * @see https://www.rfc-editor.org/rfc/rfc5905#appendix-A.1.1
 */
const driftMax = 0.001

/**
 * What the database's clock shows, told by this process's own, which nobody sets, and from answers
 * that say what it showed between question and answer: how far apart the two are lies within the
 * bounds of every answer, each widened by the drift since (Marzullo's intersection, of two).
 */
export class DatabaseClock {
  readonly #now: () => number
  /** Of how much it is ahead of the own clock. */
  #bounds = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY }
  #learntAt = 0

  /** @param now milliseconds of a clock that never goes back */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /** Infinitely uncertain before it was read for the first time. */
  now(): Moment {
    const own = this.#now()
    const drift = (own - this.#learntAt) * driftMax
    return { earliest: own + this.#bounds.least - drift, latest: own + this.#bounds.most + drift }
  }

  /**
   * Asks what it shows, and learns from the answer.
   * @throws what `ask` throws
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
    // If both cannot be true, the clock was set, or another database answers: the newer one holds.
    this.#bounds = least <= most ? { least, most } : { least: shown - after, most: shown - before }
    this.#learntAt = after
  }
}
