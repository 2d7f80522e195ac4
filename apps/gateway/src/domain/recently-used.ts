/** A map with a maximum number of entries. It evicts the least recently used entry. */
export class RecentlyUsed<Key, Value> {
  readonly #max: number
  /** In the order of last use. */
  readonly #entries = new Map<Key, Value>()

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#max) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }

  /** Deletes the entries that match. */
  deleteWhere(isSo: (value: Value) => boolean): void {
    for (const [key, value] of this.#entries) if (isSo(value)) this.#entries.delete(key)
  }
}
