import { ApiError, NotStarted } from '@flash-deal/errors'

export type AdaptiveLimitOptions = {
  /** The limit at the start. */
  initial: number
  /** The lower bound of the limit, at least 1. */
  min: number
  /** The upper bound of the limit. */
  max: number
  /** A task that takes longer than this is late, in milliseconds. */
  lateMs: number
}

/**
 * @param hasFailed whether the task failed for lack of time; undefined if its duration does not depend
 * on this process
 */
export type EndTask = (hasFailed: boolean | undefined) => void

/** The time after which a reduction does not apply to an idle process any more, in milliseconds. */
const staleMs = 10_000

/** Created once: an error with its stack costs more than the rest of a rejection. */
const refusal = new NotStarted('SERVICE_UNAVAILABLE')

/**
 * Limits the tasks in progress to as many as complete in time. Nothing waits: a task beyond the
 * limit is rejected before it has done any work. Otherwise each step of an accepted task would wait
 * in its own queue, and tasks would be rejected halfway, after work was done for them.
 *
 * The limit adapts as the window of TCP does (additive increase, multiplicative decrease, RFC 5681;
 * for concurrent requests in Netflix's concurrency-limits): it is halved when a task was late and more
 * than `min` were in progress, and grows by one when as many tasks as the limit were in time, or by one
 * for each task that took less than a quarter of `lateMs` (slow start). By Little's law it approaches
 * the throughput times `lateMs`. Ten seconds after the last reduction it is `initial` again, or more, as
 * soon as no task is in progress.
 */
export class AdaptiveLimit {
  readonly #options: AdaptiveLimitOptions
  readonly #now: () => number
  #limit: number
  #running = 0
  #reducedAt = Number.NEGATIVE_INFINITY

  /** @param now returns the time in milliseconds, from a monotonic clock */
  constructor(options: AdaptiveLimitOptions, now: () => number = () => performance.now()) {
    this.#options = options
    this.#limit = options.initial
    this.#now = now
  }

  get load(): { running: number; limit: number } {
    return { running: this.#running, limit: Math.floor(this.#limit) }
  }

  /** The error of a task that would be rejected now. */
  refusal(): NotStarted | undefined {
    return this.#running >= Math.floor(this.#limit) ? refusal : undefined
  }

  /** @throws NotStarted SERVICE_UNAVAILABLE if the limit is reached; otherwise the error of `work` */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const refused = this.refusal()
    if (refused) throw refused
    const end = this.begin()
    try {
      const result = await work()
      end(false)
      return result
    } catch (error) {
      end(hasNoTime(error))
      throw error
    }
  }

  /** Starts a task, also beyond the limit. The returned function ends it; call it once. */
  begin(): EndTask {
    const at = this.#now()
    // Without load the limit would stay low, and reject most of the next burst.
    if (this.#running === 0 && at - this.#reducedAt > staleMs)
      this.#limit = Math.max(this.#limit, this.#options.initial)
    this.#running += 1
    const start = { at, running: this.#running }
    return (hasFailed) => {
      if (hasFailed !== undefined) this.#adapt(start, hasFailed)
      this.#running -= 1
    }
  }

  #adapt(start: { at: number; running: number }, hasFailed: boolean): void {
    const { max, lateMs } = this.#options
    const tookMs = this.#now() - start.at
    if (!hasFailed && tookMs <= lateMs) {
      const growth = tookMs * 4 < lateMs ? 1 : 1 / this.#limit
      // A limit that is not used does not show how many tasks would be in time.
      if (this.#running * 2 >= this.#limit) this.#limit = Math.min(max, this.#limit + growth)
    } else if (start.at >= this.#reducedAt) this.#reduce(start.running)
  }

  #reduce(runningAtStart: number): void {
    const { min } = this.#options
    // At the end of a burst few are left, but the task was late because there were many before it.
    const running = Math.max(runningAtStart, this.#running)
    // Up to the minimum all tasks are accepted: this one was late for another reason.
    if (running <= min) return
    this.#reducedAt = this.#now()
    this.#limit = Math.max(min, Math.min(this.#limit, running) / 2)
  }
}

/** A queue was full, or a deadline expired. */
const hasNoTime = (error: unknown): boolean =>
  error instanceof ApiError && ['SERVICE_UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code)
