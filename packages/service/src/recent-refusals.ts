type RefusalAges = {
  /** Maximum age of a repeated refusal, in milliseconds since the call that was refused. */
  validMs: number
  /**
   * From this age on, in milliseconds, one request calls the service again, so that a refusal that
   * is still correct does not expire. Less than `validMs`.
   */
  recheckMs: number
}

/** Maximum number of stored keys. */
const keysMax = 1_000

type Recent<Refusal> = { refusal: Refusal; askedAt: number; isAskedAgain: boolean }

/**
 * Recent refusals of a service, by what was refused. There is no timer: they are refreshed while
 * requests arrive.
 */
export class RecentRefusals<Refusal> {
  readonly #ages: RefusalAges
  readonly #now: () => number
  readonly #recent = new Map<string, Recent<Refusal>>()
  #forgottenAt = Number.NEGATIVE_INFINITY

  /** @param now a monotonic clock, in milliseconds */
  constructor(ages: RefusalAges, now: () => number = () => performance.now()) {
    this.#ages = ages
    this.#now = now
  }

  /** Returns the refusal, or undefined if the service has to be called. */
  of(key: string): Refusal | undefined {
    const recent = this.#recent.get(key)
    if (!recent) return undefined
    const { validMs, recheckMs } = this.#ages
    const age = this.#now() - recent.askedAt
    if (age >= validMs || (age >= recheckMs && !recent.isAskedAgain)) return undefined
    return recent.refusal
  }

  /** Call it before the service is called. The returned function stores the refusal. */
  asking(key: string): (refusal: Refusal) => void {
    const askedAt = this.#now()
    const recent = this.#recent.get(key)
    if (recent) recent.isAskedAgain = true
    return (refusal) => {
      // Units may have been released after the call.
      if (askedAt <= this.#forgottenAt) return
      this.#recent.delete(key)
      if (this.#recent.size >= keysMax) this.#recent.clear()
      this.#recent.set(key, { refusal, askedAt, isAskedAgain: false })
    }
  }

  /** Call it after units were released. */
  forgetAll(): void {
    this.#forgottenAt = this.#now()
    this.#recent.clear()
  }
}
