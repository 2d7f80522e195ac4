/** Pause between two reports, in milliseconds. */
const pauseMs = 60_000

type Listener = (failure: unknown, count: number) => void

/** Reports the first failure at once, and those that follow together, at most once a minute. */
export class FailureReports {
  #listener: Listener = () => {}
  #count = 0
  #reportedAt = Number.NEGATIVE_INFINITY

  listen(listener: Listener): void {
    this.#listener = listener
  }

  add(failure: unknown): void {
    this.#count += 1
    const now = performance.now()
    if (now - this.#reportedAt < pauseMs) return
    this.#listener(failure, this.#count)
    this.#reportedAt = now
    this.#count = 0
  }
}
