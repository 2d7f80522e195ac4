import { ApiError } from '@flash-deal/errors'
import { Deadline } from '@flash-deal/service'

/** Until when a caller waits: for the time that a pool gives it, or until his own deadline. */
export class TimeLimit {
  readonly deadline: Deadline
  readonly #code: 'SERVICE_UNAVAILABLE' | 'DEADLINE_EXCEEDED'

  /** @param timeoutMs what the pool gives, in milliseconds */
  constructor(timeoutMs: number, given?: Deadline) {
    const isOwn = given === undefined || given.leftMs > timeoutMs
    this.deadline = isOwn ? Deadline.in(timeoutMs) : given
    this.#code = isOwn ? 'SERVICE_UNAVAILABLE' : 'DEADLINE_EXCEEDED'
  }

  /** @throws ApiError SERVICE_UNAVAILABLE or, where it is the caller's, DEADLINE_EXCEEDED */
  assertLeft(): void {
    if (this.deadline.leftMs <= 0) throw this.#late()
  }

  /** Answers as the work does. @throws ApiError as `assertLeft`, while the work may still go on */
  async bound<Result>(work: PromiseLike<Result>): Promise<Result> {
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(this.#late()), Math.max(0, this.deadline.leftMs))
    try {
      return await Promise.race([work, promise])
    } finally {
      clearTimeout(timer)
    }
  }

  #late(): ApiError {
    return new ApiError(this.#code, { cause: new Error('PostgreSQL did not answer in time.') })
  }
}
