import { RecentlyUsed } from '@flash-deal/service'

/** A response of product, whole. */
export type Read = {
  status: number
  /** Those that go to a client. */
  headers: Readonly<Record<string, string>>
  body: Buffer
  tag: string
  /** Whether it may be cached: it is the same for all clients and stays correct for its TTL. */
  isCacheable: boolean
}

type Kept = Read & { startedAt: number; bytes: number }

type Flight = { startedAt: number; result: Promise<Read> }

export type CachedReadsOptions = {
  /** Of all responses that are kept, with what it takes to keep them. */
  bytesMax: number
  /** Milliseconds, from when product was asked. */
  ttlMs: number
}

/** The overhead of an entry in addition to its body and its key, in bytes. */
const overheadBytes = 1_024

/** Reads that are kept for a moment, the last used ones, and those that are under way. */
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

  /** What is kept, and whether the second half of its time has begun. */
  find(key: string): { read: Read; isStale: boolean } | undefined {
    const kept = this.#kept.get(key)
    if (kept === undefined) return undefined
    const age = performance.now() - kept.startedAt
    if (age >= this.#options.ttlMs) return undefined
    return { read: kept, isStale: age >= this.#options.ttlMs / 2 }
  }

  /** One that is under way, and as young as one that is kept would have to be. */
  underWay(key: string): Promise<Read> | undefined {
    const flight = this.#flights.get(key)
    return flight && this.#isYoung(flight.startedAt) ? flight.result : undefined
  }

  /** Asks product, and keeps the response unless an owner has changed something meanwhile. */
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
    // One page must not push out all others.
    const isSmall = bytes <= this.#options.bytesMax / 16
    if (read.status !== 200 || !read.isCacheable || !isSmall || !this.#isYoung(startedAt)) return
    // One that was begun later may have come sooner.
    if ((this.#kept.get(key)?.startedAt ?? 0) > startedAt) return
    this.#kept.set(key, { ...read, startedAt, bytes })
  }
}
