/** Maximum age of a repeated rejection, in milliseconds since the call to product. */
const validMs = 100

/** From this age on, one request calls product again, so that a rejection does not expire while it holds. */
const recheckMs = 40

/** Maximum number of stored lines. */
const linesMax = 1_000

type Recent<Refusal> = { refusal: Refusal; askedAt: number; isAskedAgain: boolean }

/** Recent rejections of product, by line. There is no timer: they are refreshed while requests arrive. */
export class RecentRefusals<Refusal> {
  readonly #now: () => number
  readonly #recent = new Map<string, Recent<Refusal>>()
  #forgottenAt = Number.NEGATIVE_INFINITY

  /** @param now a monotonic clock, in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Returns the rejection, or undefined if product has to be called. */
  of(line: string): Refusal | undefined {
    const recent = this.#recent.get(line)
    if (!recent) return undefined
    const age = this.#now() - recent.askedAt
    if (age >= validMs || (age >= recheckMs && !recent.isAskedAgain)) return undefined
    return recent.refusal
  }

  /** Call it before product is called. The returned function stores the rejection. */
  asking(line: string): (refusal: Refusal) => void {
    const askedAt = this.#now()
    const recent = this.#recent.get(line)
    if (recent) recent.isAskedAgain = true
    return (refusal) => {
      // Units may have been released after the call.
      if (askedAt <= this.#forgottenAt) return
      this.#recent.delete(line)
      if (this.#recent.size >= linesMax) this.#recent.clear()
      this.#recent.set(line, { refusal, askedAt, isAskedAgain: false })
    }
  }

  /** Call it after units were released. */
  forgetAll(): void {
    this.#forgottenAt = this.#now()
    this.#recent.clear()
  }
}
