import { NotStarted } from '@flash-deal/errors'
import type { Deadline } from './deadline.ts'

export type BulkheadOptions = {
  /** Pieces of work at a time, from 1; or places, where a piece may take several. */
  concurrency: number
  /** Pieces of work that may wait, from 0. */
  queueMax: number
  /** Pieces of work under way and waiting, together; without a bound of its own by default. */
  max?: number
  /**
   * The part of the time left that may be spent waiting; nine tenths by default. The rest is there for
   * what begins to end: under overload, a queue fills up with what begins just before its deadline.
   */
  waitShare?: number
}

/** Gives the place back; once, however often it is called. */
export type Leave = () => void

type Waiting = { places: number; until: number; begin: () => void; refuse: () => void }

/**
 * Runs a bounded number of things at a time. A bounded number waits, in the order of arrival, each
 * for a part of the time that it has left; the rest is shed. Whatever is refused has not begun.
 */
export class Bulkhead {
  readonly #options: Required<BulkheadOptions>
  readonly #waiting = new Set<Waiting>()
  #taken = 0
  #running = 0

  constructor(options: BulkheadOptions) {
    this.#options = { max: Number.POSITIVE_INFINITY, waitShare: 0.9, ...options }
  }

  /** Things that run, and that wait. */
  get load(): { running: number; waiting: number } {
    return { running: this.#running, waiting: this.#waiting.size }
  }

  /**
   * @throws NotStarted SERVICE_UNAVAILABLE where too many wait already, or its turn does not come
   * before the deadline or the signal; DEADLINE_EXCEEDED where the deadline has passed already
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

  /** A place that is free now, where no request waits for one. */
  tryEnter(): Leave | undefined {
    const { concurrency, max } = this.#options
    const isFull = this.#taken >= concurrency || this.#running >= max
    if (isFull || this.#waiting.size > 0) return undefined
    this.#begin(1)
    return this.#leaveOnce(1)
  }

  /**
   * Waits for a place, or for several, up to `concurrency`; whoever waits for several is not passed.
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
      // It may have been the one that the others waited behind.
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

  /** The places go to those that wait longest. */
  #passOn(): void {
    const now = performance.now()
    for (const next of this.#waiting) {
      // A busy event loop may be late with its timer.
      if (next.until <= now) next.refuse()
      else if (this.#taken + next.places > this.#options.concurrency) return
      else this.#admit(next)
    }
  }
}

const shed = (cause: string): NotStarted =>
  new NotStarted('SERVICE_UNAVAILABLE', { cause: new Error(cause) })
