import { NotStarted } from '@flash-deal/errors'
import type { Deadline } from './deadline.ts'

export type BulkheadOptions = {
  /** Maximum number of occupied places, from 1. A task occupies one or more. */
  concurrency: number
  /** Maximum number of waiting tasks, from 0. */
  queueMax: number
  /** Maximum number of running and waiting tasks together; unlimited by default. */
  max?: number
  /**
   * The share of the remaining time that a task may wait; 0.9 by default. The rest is for the task
   * itself: under overload, most tasks would otherwise start just before their deadline.
   */
  waitShare?: number
}

/** Releases the place. Further calls have no effect. */
export type Leave = () => void

type Waiting = { places: number; until: number; begin: () => void; refuse: () => void }

/**
 * Limits the number of concurrent tasks. A limited number waits in the order of arrival, each for a
 * share of its remaining time. Others are rejected. A rejected task has not started.
 */
export class Bulkhead {
  readonly #options: Required<BulkheadOptions>
  readonly #waiting = new Set<Waiting>()
  #taken = 0
  #running = 0

  constructor(options: BulkheadOptions) {
    this.#options = { max: Number.POSITIVE_INFINITY, waitShare: 0.9, ...options }
  }

  /** The number of running and of waiting tasks. */
  get load(): { running: number; waiting: number } {
    return { running: this.#running, waiting: this.#waiting.size }
  }

  /**
   * @throws NotStarted SERVICE_UNAVAILABLE if the queue is full or no place is free before the
   * deadline or the signal; DEADLINE_EXCEEDED if the deadline has already expired
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

  /** Takes a place if one is free and no task waits. */
  tryEnter(): Leave | undefined {
    const { concurrency, max } = this.#options
    const isFull = this.#taken >= concurrency || this.#running >= max
    if (isFull || this.#waiting.size > 0) return undefined
    this.#begin(1)
    return this.#leaveOnce(1)
  }

  /**
   * Waits for one or more places, up to `concurrency`. Later tasks do not overtake one that waits
   * for several places.
   * @throws NotStarted as `run` does
   */
  async enter(deadline: Deadline, signal?: AbortSignal, places = 1): Promise<Leave> {
    const { concurrency, queueMax, max, waitShare } = this.#options
    const ms = deadline.leftMs
    if (ms < 1) throw new NotStarted('DEADLINE_EXCEEDED')
    if (this.#running + this.#waiting.size >= max) throw shed(`${max} are waiting.`)
    if (this.#waiting.size === 0 && this.#taken + places <= concurrency) this.#begin(places)
    else if (this.#waiting.size < queueMax) await this.#turn(ms * waitShare, places, signal)
    else throw shed(`${queueMax} are waiting.`)
    return this.#leaveOnce(places)
  }

  #begin(places: number): void {
    this.#running += 1
    this.#taken += places
  }

  #admit({ places, begin }: Waiting): void {
    this.#begin(places)
    begin()
  }

  #turn(ms: number, places: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const end = (settle: () => void) => () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
      this.#waiting.delete(waiting)
      settle()
    }
    const waiting = {
      places,
      until: performance.now() + ms,
      begin: end(resolve),
      refuse: end(() => reject(shed('Its turn did not come in time.'))),
    }
    const giveUp = (): void => {
      waiting.refuse()
      // Tasks that waited behind it may start now.
      this.#passOn()
    }
    const timer = setTimeout(giveUp, ms)
    signal?.addEventListener('abort', giveUp, { once: true })
    this.#waiting.add(waiting)
    if (signal?.aborted) giveUp()
    return promise
  }

  #leaveOnce(places: number): Leave {
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      this.#running -= 1
      this.#taken -= places
      this.#passOn()
    }
  }

  /** Assigns free places to the tasks that have waited longest. */
  #passOn(): void {
    const now = performance.now()
    for (const next of this.#waiting) {
      // A busy event loop may delay the timer.
      if (next.until <= now) next.refuse()
      else if (this.#taken + next.places > this.#options.concurrency) return
      else this.#admit(next)
    }
  }
}

const shed = (cause: string): NotStarted =>
  new NotStarted('SERVICE_UNAVAILABLE', { cause: new Error(cause) })
