import { ApiError } from '@flash-deal/errors'
import { Deadline, within } from '@flash-deal/service'

/** How long a caller waits: the timeout of the pool or its own deadline, whichever is sooner. */
export class TimeLimit {
  readonly deadline: Deadline
  readonly #code: 'SERVICE_UNAVAILABLE' | 'DEADLINE_EXCEEDED'
  /** Whether the caller has timed out. Timers of Node can fire up to a millisecond early. */
  #isOver = false

  /** @param timeoutMs timeout of the pool, in milliseconds */
  constructor(timeoutMs: number, given?: Deadline) {
    const isOwn = given === undefined || given.leftMs > timeoutMs
    this.deadline = isOwn ? Deadline.in(timeoutMs) : given
    this.#code = isOwn ? 'SERVICE_UNAVAILABLE' : 'DEADLINE_EXCEEDED'
  }

  /** @throws ApiError SERVICE_UNAVAILABLE after the timeout, DEADLINE_EXCEEDED after the caller's deadline */
  assertLeft(): void {
    if (this.#isOver || this.deadline.leftMs <= 0) throw this.#late()
  }

  /** Settles as `work` does. @throws ApiError as `assertLeft`; the work may continue */
  bound<Result>(work: PromiseLike<Result>): Promise<Result> {
    return within(Math.max(0, this.deadline.leftMs), work, () => {
      this.#isOver = true
      return this.#late()
    })
  }

  #late(): ApiError {
    return new ApiError(this.#code, { cause: new Error('PostgreSQL did not answer in time.') })
  }
}
