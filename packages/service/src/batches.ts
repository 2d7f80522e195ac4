import { setImmediate as endOfTurn } from 'node:timers/promises'
import { ApiError, NotStarted } from '@flash-deal/errors'
import type { Deadline } from './deadline.ts'

export type BatchesOptions<Item, Result> = {
  /**
   * Does the work for all that have the same key; one result for each, in the order of the items.
   * A result that is still a promise keeps nobody but its own waiting.
   */
  work: (key: string, items: readonly Item[]) => Promise<readonly (Result | Promise<Result>)[]>
  /** Items in a batch at most. */
  sizeMax: number
  /** Items waiting or worked on at most, of all keys together; one more is shed. */
  queueMax: number
  /** How long an item may wait and be worked on at most, in milliseconds. */
  timeoutMs: number
}

type Entry<Item, Result> = PromiseWithResolvers<Result> & { item: Item }

type Queue<Item, Result> = { waiting: Entry<Item, Result>[]; ended: Promise<void> }

/**
 * Work that is cheaper done for many: a single writer for each key. While one batch is under way,
 * what comes waits, and all of it is the next batch, so that no timer is needed: alone, an item does
 * not wait for others; the busier it is, the larger the batches are.
 */
export class Batches<Item, Result> {
  readonly #options: BatchesOptions<Item, Result>
  readonly #queues = new Map<string, Queue<Item, Result>>()
  #size = 0

  constructor(options: BatchesOptions<Item, Result>) {
    this.#options = options
  }

  /**
   * The result of this item, in the order of coming to the key.
   *
   * @param deadline of its own; one whose time is over before its batch begins is in no batch
   * @throws NotStarted where too many wait, or its time was over first; ApiError SERVICE_UNAVAILABLE
   * where its batch takes too long, whose outcome is unknown; otherwise what `work` throws
   */
  async add(key: string, item: Item, deadline?: Deadline): Promise<Result> {
    const { queueMax, timeoutMs } = this.#options
    if (this.#size >= queueMax) throw notStarted(`${queueMax} are waiting.`)
    const leftMs = Math.min(timeoutMs, deadline?.leftMs ?? timeoutMs)
    if (leftMs <= 0) throw new NotStarted('DEADLINE_EXCEEDED')
    const entry = { ...Promise.withResolvers<Result>(), item }
    const timer = setTimeout(() => this.#giveUp(key, entry), leftMs)
    this.#size += 1
    this.#enqueue(key, entry)
    try {
      return await entry.promise
    } finally {
      clearTimeout(timer)
      this.#size -= 1
    }
  }

  #giveUp(key: string, entry: Entry<Item, Result>): void {
    const waiting = this.#queues.get(key)?.waiting ?? []
    const place = waiting.indexOf(entry)
    if (place >= 0) waiting.splice(place, 1)
    entry.reject(place >= 0 ? notStarted('The request waited too long in the queue.') : unknown())
  }

  #enqueue(key: string, entry: Entry<Item, Result>): void {
    const queue = this.#queues.get(key)
    if (queue) {
      queue.waiting.push(entry)
      return
    }
    const waiting = [entry]
    this.#queues.set(key, { waiting, ended: this.#empty(key, waiting) })
  }

  /** One batch after the other until nothing waits. */
  async #empty(key: string, waiting: Entry<Item, Result>[]): Promise<void> {
    // What else arrives in this turn of the event loop goes along.
    await endOfTurn()
    let answer = (): void => {}
    while (waiting.length > 0) {
      const batch = waiting.splice(0, this.#options.sizeMax)
      const underWay = this.#attempt(key, batch)
      // Not before the next batch is under way, which need not wait while these are written.
      answer()
      answer = await underWay
    }
    answer()
    this.#queues.delete(key)
  }

  /** Begins at once; returns what answers those of the batch. */
  async #attempt(key: string, batch: readonly Entry<Item, Result>[]): Promise<() => void> {
    const items = batch.map(({ item }) => item)
    try {
      const results = await this.#options.work(key, items)
      if (results.length !== batch.length) {
        throw new Error('A batch gave another number of results.')
      }
      return () => {
        // By `then`, so that one that fails is heard also where its item has been given up.
        for (const [index, result] of results.entries())
          Promise.resolve(result).then(batch[index]?.resolve, batch[index]?.reject)
      }
    } catch (error) {
      return () => {
        for (const { reject } of batch) reject(error)
      }
    }
  }

  /** Resolves when nothing waits any more and nothing is under way. */
  async close(): Promise<void> {
    while (this.#queues.size > 0) {
      await Promise.all([...this.#queues.values()].map(({ ended }) => ended))
    }
  }
}

const notStarted = (cause: string): NotStarted =>
  new NotStarted('SERVICE_UNAVAILABLE', { cause: new Error(cause) })

const unknown = (): ApiError =>
  new ApiError('SERVICE_UNAVAILABLE', { cause: new Error('Its batch takes too long.') })
