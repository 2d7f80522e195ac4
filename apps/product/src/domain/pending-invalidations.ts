/**
 * Invalidations of a cache in another process, which may be unavailable. One that failed stays
 * pending: until it succeeds, nothing from the cache may be used.
 */
export class PendingInvalidations {
  readonly #send: () => Promise<unknown>
  /** Invalidations that were requested, and how many of them have taken effect. */
  #requested = 0
  #done = 0

  /** @param send invalidates everything in the cache */
  constructor(send: () => Promise<unknown>) {
    this.#send = send
  }

  /** @throws what `send` throws; the invalidation is pending then */
  async invalidate(): Promise<void> {
    this.markDirty()
    await this.flush()
  }

  /** Marks the cache as out of date. */
  markDirty(): void {
    this.#requested += 1
  }

  /** Sends what is pending, if anything is. @throws as `invalidate` does */
  async flush(): Promise<void> {
    // One invalidation covers the requests before it, and not those that arrive meanwhile.
    const upTo = this.#requested
    if (this.#done === upTo) return
    await this.#send()
    this.#done = Math.max(this.#done, upTo)
  }
}
