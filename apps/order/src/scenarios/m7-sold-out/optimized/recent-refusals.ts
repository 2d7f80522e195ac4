/** Maximum age of a refusal that is given again, in milliseconds since product was asked. */
const validMs = 100

/** From this age on, one request asks product again, so that a refusal stays valid while it is true. */
const recheckMs = 40

/** Maximum number of lines that are remembered. */
const linesMax = 1_000

type Recent<Refusal> = { refusal: Refusal; askedAt: number; isAskedAgain: boolean }

/** What product has just refused, by line. There is no timer: it is asked again while requests come. */
export class RecentRefusals<Refusal> {
  readonly #now: () => number
  readonly #recent = new Map<string, Recent<Refusal>>()
  #forgottenAt = Number.NEGATIVE_INFINITY

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Returns the refusal, or undefined if product has to be asked. */
  of(line: string): Refusal | undefined {
    const recent = this.#recent.get(line)
    if (!recent) return undefined
    const age = this.#now() - recent.askedAt
    if (age >= validMs || (age >= recheckMs && !recent.isAskedAgain)) return undefined
    return recent.refusal
  }

  /** Called before product is asked. The returned function stores its refusal. */
  asking(line: string): (refusal: Refusal) => void {
    const askedAt = this.#now()
    const recent = this.#recent.get(line)
    if (recent) recent.isAskedAgain = true
    return (refusal) => {
      // Units that were released after the question may be there again.
      if (askedAt <= this.#forgottenAt) return
      this.#recent.delete(line)
      if (this.#recent.size >= linesMax) this.#recent.clear()
      this.#recent.set(line, { refusal, askedAt, isAskedAgain: false })
    }
  }

  /** Units were released. */
  forgetAll(): void {
    this.#forgottenAt = this.#now()
    this.#recent.clear()
  }
}
