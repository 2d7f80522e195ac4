import { RecentlyUsed } from '@flash-deal/service'

/** A complete response of product. */
export type Read = {
  status: number
  /** The headers for clients. */
  headers: Readonly<Record<string, string>>
  body: Buffer
  tag: string
  /** Whether it may be cached: it is the same for all clients and stays correct for its TTL. */
  isCacheable: boolean
}

type Kept = Read & { startedAt: number; bytes: number }

type Flight = { startedAt: number; result: Promise<Read> }

export type CachedReadsOptions = {
  /** The maximum size of all entries with their overhead, in bytes. */
  bytesMax: number
  /** The TTL from the call to product, in milliseconds. */
  ttlMs: number
}

/** The overhead of an entry in addition to its body and its key, in bytes. */
const overheadBytes = 1_024

/** An LRU cache of reads with a short TTL, and the calls in flight. */
export class CachedReads {
  readonly #options: CachedReadsOptions
  readonly #kept: RecentlyUsed<string, Kept>
  readonly #flights = new Map<string, Flight>()
  #generation = 0

  constructor(options: CachedReadsOptions) {
    this.#options = options
    this.#kept = new RecentlyUsed(options.bytesMax, ({ bytes }) => bytes)
  }

  get bytes(): number {
    return this.#kept.size
  }

  /** The cached read, and whether it is due for a refresh (the second half of its TTL). */
  find(key: string): { read: Read; isStale: boolean } | undefined {
    const kept = this.#kept.get(key)
    if (kept === undefined) return undefined
    const age = performance.now() - kept.startedAt
    if (age >= this.#options.ttlMs) return undefined
    return { read: kept, isStale: age >= this.#options.ttlMs / 2 }
  }

  /** A call in flight that is not older than the TTL. */
  underWay(key: string): Promise<Read> | undefined {
    const flight = this.#flights.get(key)
    return flight && this.#isYoung(flight.startedAt) ? flight.result : undefined
  }

  /** Calls product, and caches the response unless an owner has changed something meanwhile. */
  start(key: string, ask: () => Promise<Read>): Promise<Read> {
    const [startedAt, generation] = [performance.now(), this.#generation]
    const result = ask()
      .then((read) => {
        if (generation === this.#generation) this.#keep(key, read, startedAt)
        return read
      })
      .finally(() => {
        if (this.#flights.get(key)?.result === result) this.#flights.delete(key)
      })
    this.#flights.set(key, { startedAt, result })
    return result
  }

  /** Removes all entries; calls in flight are not cached. */
  purge(): void {
    this.#generation += 1
    this.#kept.clear()
    this.#flights.clear()
  }

  #isYoung(startedAt: number): boolean {
    return performance.now() - startedAt < this.#options.ttlMs
  }

  #keep(key: string, read: Read, startedAt: number): void {
    const bytes = read.body.length + 2 * key.length + overheadBytes
    // One page must not evict all others.
    const isSmall = bytes <= this.#options.bytesMax / 16
    if (read.status !== 200 || !read.isCacheable || !isSmall || !this.#isYoung(startedAt)) return
    // A later call may have returned earlier.
    if ((this.#kept.get(key)?.startedAt ?? 0) > startedAt) return
    this.#kept.set(key, { ...read, startedAt, bytes })
  }
}
