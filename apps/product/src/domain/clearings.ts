/**
 * Clearings of what is kept in another process, which may not answer. One that failed is owed: until
 * it is made good, nothing that is kept there may be used.
 */
export class Clearings {
  readonly #clear: () => Promise<unknown>
  /** Clearings that were asked for, and up to which of them all is cleared. */
  #asked = 0
  #cleared = 0

  constructor(clear: () => Promise<unknown>) {
    this.#clear = clear
  }

  /** @throws what the clearing throws; it is owed then */
  async clear(): Promise<void> {
    this.#asked += 1
    // One that succeeds settles those before it, and not one that was asked for meanwhile.
    const upTo = this.#asked
    await this.#clear()
    this.#cleared = Math.max(this.#cleared, upTo)
  }

  /** Makes good what is owed, if anything is. @throws as `clear` does */
  async settle(): Promise<void> {
    if (this.#cleared < this.#asked) await this.clear()
  }
}
