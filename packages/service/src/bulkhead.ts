import { ApiError } from '@flash-deal/errors'
import type { Deadline } from './deadline.ts'

export type BulkheadOptions = {
  /** Pieces of work at a time, from 1. */
  concurrency: number
  /** Pieces of work that may wait, from 0. */
  queueMax: number
}

/** Gives the place back; once, however often it is called. */
export type Leave = () => void

/** Of the time that is left: who begins with the last of it does not end in time. */
const waitShare = 0.9

type Waiting = { until: number; begin: () => void; refuse: () => void }

/**
 * Runs a bounded number of things at a time. A bounded number waits, in the order of arrival, each
 * for nine tenths of the time that it has left; the rest is shed. Whatever is refused has not begun.
 */
export class Bulkhead {
  readonly #options: BulkheadOptions
  readonly #waiting = new Set<Waiting>()
  #running = 0

  constructor(options: BulkheadOptions) {
    this.#options = options
  }

  /** Things that run, and that wait. */
  get load(): { running: number; waiting: number } {
    return { running: this.#running, waiting: this.#waiting.size }
  }

  /**
   * @throws ApiError SERVICE_UNAVAILABLE where too many wait already, or its turn does not come
   * well before the deadline, or before the signal; DEADLINE_EXCEEDED where the deadline has passed already
   */
  async run<Result>(
    deadline: Deadline,
    work: () => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const leave = await this.enter(deadline, signal)
    try {
      return await work()
    } finally {
      leave()
    }
  }

  /** A place that is free now; where one is, nobody waits for it. */
  tryEnter(): Leave | undefined {
    if (this.#running >= this.#options.concurrency) return undefined
    this.#running += 1
    return this.#leaveOnce()
  }

  /** Waits for a place. @throws ApiError as `run` does */
  async enter(deadline: Deadline, signal?: AbortSignal): Promise<Leave> {
    const ms = deadline.remainingMs()
    if (this.#running < this.#options.concurrency) this.#running += 1
    else if (this.#waiting.size < this.#options.queueMax) await this.#turn(ms * waitShare, signal)
    else throw new ApiError('SERVICE_UNAVAILABLE')
    return this.#leaveOnce()
  }

  #turn(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const end = (settle: () => void) => () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', waiting.refuse)
      this.#waiting.delete(waiting)
      settle()
    }
    const waiting = {
      until: performance.now() + ms,
      begin: end(resolve),
      refuse: end(() => reject(new ApiError('SERVICE_UNAVAILABLE'))),
    }
    const timer = setTimeout(waiting.refuse, ms)
    signal?.addEventListener('abort', waiting.refuse, { once: true })
    this.#waiting.add(waiting)
    if (signal?.aborted) waiting.refuse()
    return promise
  }

  #leaveOnce(): Leave {
    let hasLeft = false
    return () => {
      if (!hasLeft) this.#passOn()
      hasLeft = true
    }
  }

  /** The place goes to the one that waits longest, so `#running` stays as it is. */
  #passOn(): void {
    const now = performance.now()
    for (const next of this.#waiting) {
      // A busy event loop may be late with its timer.
      const isInTime = next.until > now
      if (isInTime) next.begin()
      else next.refuse()
      if (isInTime) return
    }
    this.#running -= 1
  }
}
