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
    this.owe()
    await this.settle()
  }

  /** To be cleared before anything is used. */
  owe(): void {
    this.#asked += 1
  }

  /** Makes good what is owed, if anything is. @throws as `clear` does */
  async settle(): Promise<void> {
    // A clearing settles what was asked for before it, and not what is asked for meanwhile.
    const upTo = this.#asked
    if (this.#cleared === upTo) return
    await this.#clear()
    this.#cleared = Math.max(this.#cleared, upTo)
  }
}
