import { setImmediate as endOfTurn } from 'node:timers/promises'
import { ApiError, NotStarted } from '@flash-deal/errors'
import { type BatchSpans, batchSpans, type Origin } from './batch-spans.ts'
import type { Deadline } from './deadline.ts'

export type BatchesOptions<Item, Result> = {
  /**
   * Processes all items with the same key. Returns one result per item, in the order of the items.
   * A result may be a promise; only its own caller waits for it.
   */
  work: (key: string, items: readonly Item[]) => Promise<readonly (Result | Promise<Result>)[]>
  /** Maximum number of items in a batch. */
  sizeMax: number
  /** Maximum number of waiting and running items of all keys. The next is rejected. */
  queueMax: number
  /** Maximum time that an item may wait and run, in milliseconds. */
  timeoutMs: number
  /** The name of the span of each batch. */
  name: string
}

type Entry<Item, Result> = PromiseWithResolvers<Result> & {
  item: Item
  origin: Origin | undefined
}

type Queue<Item, Result> = { waiting: Entry<Item, Result>[]; ended: Promise<void> }

/**
 * Batches items, with a single writer per key. Items that arrive while a batch runs form the next
 * batch, so no timer is needed: a single item never waits for others, and batches grow with the
 * load.
 */
export class Batches<Item, Result> {
  readonly #options: BatchesOptions<Item, Result>
  readonly #spans: BatchSpans
  readonly #queues = new Map<string, Queue<Item, Result>>()
  #size = 0

  constructor(options: BatchesOptions<Item, Result>) {
    this.#options = options
    this.#spans = batchSpans(options.name)
  }

  /**
   * Returns the result of this item. Items of a key are processed in the order of arrival.
   *
   * @param deadline of the item; if it expires before the batch starts, the item is not processed
   * @throws NotStarted if too many items wait or the deadline expired first; ApiError DEADLINE_EXCEEDED
   * if the deadline expires while its batch runs, SERVICE_UNAVAILABLE if its batch times out, both with
   * an unknown outcome; otherwise the error of `work`
   */
  async add(key: string, item: Item, deadline?: Deadline): Promise<Result> {
    const { queueMax, timeoutMs } = this.#options
    if (this.#size >= queueMax) throw notStarted(`${queueMax} are waiting.`)
    const ownMs = deadline?.leftMs ?? Number.POSITIVE_INFINITY
    if (ownMs <= 0) throw new NotStarted('DEADLINE_EXCEEDED')
    const entry = { ...Promise.withResolvers<Result>(), item, origin: this.#spans.origin() }
    const unknown = ownMs <= timeoutMs ? expired : timedOut
    const timer = setTimeout(() => this.#giveUp(key, entry, unknown), Math.min(timeoutMs, ownMs))
    this.#size += 1
    this.#enqueue(key, entry)
    try {
      return await entry.promise
    } finally {
      clearTimeout(timer)
      this.#size -= 1
    }
  }

  #giveUp(key: string, entry: Entry<Item, Result>, unknown: () => ApiError): void {
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

  /** Runs batches sequentially until no item waits. */
  async #empty(key: string, waiting: Entry<Item, Result>[]): Promise<void> {
    // Items that arrive in the same turn of the event loop join the batch.
    await endOfTurn()
    let answer = (): void => {}
    while (waiting.length > 0) {
      const batch = waiting.splice(0, this.#options.sizeMax)
      const underWay = this.#attempt(key, batch)
      // Settled after the next batch has started, so that it does not wait for these responses.
      answer()
      answer = await underWay
    }
    answer()
    this.#queues.delete(key)
  }

  /** Starts a batch at once. Returns a function that settles its items. */
  async #attempt(key: string, batch: readonly Entry<Item, Result>[]): Promise<() => void> {
    const items = batch.map(({ item }) => item)
    try {
      const origins = batch.map(({ origin }) => origin)
      const results = await this.#spans.run(origins, () => this.#options.work(key, items))
      if (results.length !== batch.length) {
        throw new Error('The number of results differs from the number of items in the batch.')
      }
      return () => {
        // `then` handles a rejection even if the item has timed out.
        for (const [index, result] of results.entries())
          Promise.resolve(result).then(batch[index]?.resolve, batch[index]?.reject)
      }
    } catch (error) {
      return () => {
        for (const { reject } of batch) reject(error)
      }
    }
  }

  /** Resolves when no item waits or runs. */
  async close(): Promise<void> {
    while (this.#queues.size > 0) {
      await Promise.all([...this.#queues.values()].map(({ ended }) => ended))
    }
  }
}

const notStarted = (cause: string): NotStarted =>
  new NotStarted('SERVICE_UNAVAILABLE', { cause: new Error(cause) })

const timedOut = (): ApiError =>
  new ApiError('SERVICE_UNAVAILABLE', { cause: new Error('Its batch takes too long.') })

const expired = (): ApiError =>
  new ApiError('DEADLINE_EXCEEDED', {
    cause: new Error('Its batch takes longer than its deadline.'),
  })
