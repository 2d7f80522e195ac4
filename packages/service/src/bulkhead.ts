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

/** Releases the places of the task. Only the first call has an effect. */
export type Leave = () => void

export type EnterOptions = {
  /** Ends the wait. */
  signal?: AbortSignal | undefined
  /** The number of places that the task occupies, from 1 to `concurrency`; 1 by default. */
  places?: number
  /** Tasks of different clients wait in turn; without this, all tasks are those of one client. */
  client?: string
}

type Waiting = {
  client: string
  /**
   * One more than the rank of the previous waiting task of its client; if there is none, the rank
   * of the first task in the queue.
   */
  rank: number
  places: number
  until: number
  begin: () => void
  refuse: (cause?: string) => void
}

/**
 * Limits the number of concurrent tasks. A limited number waits, each for a share of its remaining time.
 * Others are rejected. A rejected task has not started.
 *
 * The tasks of a client wait in the order of arrival, and the clients take turns: the first waiting
 * task of each client, then the second of each. If `queueMax` or `max` is reached, a new task
 * replaces the last waiting one if that has a higher rank. So a client with many tasks delays mainly
 * its own. This is the round-robin of Nagle, "On Packet Switches With Infinite Storage", RFC 970,
 * 1985.
 */
export class Bulkhead {
  readonly #options: Required<BulkheadOptions>
  /** Ordered by rank, then by arrival. */
  readonly #waiting: Waiting[] = []
  #taken = 0
  #running = 0

  constructor(options: BulkheadOptions) {
    this.#options = { max: Number.POSITIVE_INFINITY, waitShare: 0.9, ...options }
  }

  /** The number of running and of waiting tasks. */
  get load(): { running: number; waiting: number } {
    return { running: this.#running, waiting: this.#waiting.length }
  }

  /**
   * @throws NotStarted SERVICE_UNAVAILABLE if the queue is full, if a task of another client takes
   * its place in the queue, or if no place is free before the deadline or the signal;
   * DEADLINE_EXCEEDED if the deadline has already expired
   */
  async run<Result>(
    deadline: Deadline,
    work: () => Promise<Result>,
    options?: EnterOptions,
  ): Promise<Result> {
    const leave = await this.enter(deadline, options)
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
    if (isFull || this.#waiting.length > 0) return undefined
    this.#begin(1)
    return this.#leaveOnce(1)
  }

  /**
   * Waits for one or more places. Later tasks do not overtake one that waits for several places,
   * unless they have a lower rank.
   * @throws NotStarted as `run` does
   */
  async enter(deadline: Deadline, options: EnterOptions = {}): Promise<Leave> {
    const { concurrency, max, waitShare } = this.#options
    const { places = 1, client = '' } = options
    const ms = deadline.leftMs
    if (ms < 1) throw new NotStarted('DEADLINE_EXCEEDED')
    // The first waiting task is never replaced, so the new one waits behind it.
    if (this.#running + this.#waiting.length >= max) this.#replaceLast(client, max)
    if (this.#waiting.length === 0 && this.#taken + places <= concurrency) this.#begin(places)
    else await this.#turn(ms * waitShare, places, options)
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

  /** @throws NotStarted if the queue is full of tasks of the same or a lower rank */
  #turn(ms: number, places: number, { signal, client = '' }: EnterOptions): Promise<void> {
    const { queueMax } = this.#options
    if (this.#waiting.length >= queueMax) this.#replaceLast(client, queueMax)
    const rank = this.#rankOf(client)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
      this.#remove(waiting)
    }
    const begin = (): void => {
      end()
      resolve()
    }
    const refuse = (cause = 'The task waited too long in the queue.'): void => {
      end()
      reject(shed(cause))
    }
    const until = performance.now() + ms
    const waiting: Waiting = { client, rank, places, until, begin, refuse }
    const giveUp = (): void => {
      waiting.refuse()
      // Tasks that waited behind it may start now.
      this.#passOn()
    }
    const timer = setTimeout(giveUp, ms)
    signal?.addEventListener('abort', giveUp, { once: true })
    this.#insert(waiting)
    if (signal?.aborted) giveUp()
    return promise
  }

  /**
   * Not the number of its waiting tasks: that falls when some start, and later tasks would overtake
   * earlier ones.
   */
  #rankOf(client: string): number {
    const before = this.#waiting.findLast((each) => each.client === client)
    return before ? before.rank + 1 : (this.#waiting[0]?.rank ?? 0)
  }

  /**
   * Rejects the last waiting task, so that one of this client can wait.
   * @param limit the maximum that is reached
   * @throws NotStarted if none waits, or the last one has the same or a lower rank
   */
  #replaceLast(client: string, limit: number): void {
    const cause = `${limit} are waiting.`
    const last = this.#waiting.at(-1)
    if (last === undefined || last.rank <= this.#rankOf(client)) throw shed(cause)
    last.refuse(cause)
  }

  #insert(waiting: Waiting): void {
    const before = this.#waiting.findLastIndex(({ rank }) => rank <= waiting.rank)
    this.#waiting.splice(before + 1, 0, waiting)
  }

  #remove(waiting: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
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

  /** Assigns free places to the first tasks in the queue. */
  #passOn(): void {
    const now = performance.now()
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      // A busy event loop may delay the timer.
      if (next.until <= now) next.refuse()
      else if (this.#taken + next.places > this.#options.concurrency) return
      else this.#admit(next)
    }
  }
}

const shed = (cause: string): NotStarted =>
  new NotStarted('SERVICE_UNAVAILABLE', { cause: new Error(cause) })
