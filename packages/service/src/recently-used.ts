/**
 * A map of a limited size: it evicts the least recently used entry. Its size is the
 * number of entries, unless `sizeOf` returns something else for a value, always the same.
 */
export class RecentlyUsed<Key, Value> {
  readonly #max: number
  readonly #sizeOf: (value: Value) => number
  /** In the order of their last use. */
  readonly #entries = new Map<Key, Value>()
  #total = 0

  constructor(max: number, sizeOf: (value: Value) => number = () => 1) {
    this.#max = max
    this.#sizeOf = sizeOf
  }

  /** The total size of the entries; never above the maximum. */
  get size(): number {
    return this.#total
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  has(key: Key): boolean {
    return this.#entries.has(key)
  }

  set(key: Key, value: Value): void {
    this.delete(key)
    this.#entries.set(key, value)
    this.#total += this.#sizeOf(value)
    for (const oldest of this.#entries.keys()) {
      if (this.#total <= this.#max) return
      this.delete(oldest)
    }
  }

  delete(key: Key): void {
    const value = this.#entries.get(key)
    if (value === undefined) return
    this.#entries.delete(key)
    this.#total -= this.#sizeOf(value)
  }

  /** Deletes the entries that match. */
  deleteWhere(matches: (value: Value) => boolean): void {
    for (const [key, value] of this.#entries) if (matches(value)) this.delete(key)
  }

  clear(): void {
    this.#entries.clear()
    this.#total = 0
  }

  /** From the least to the most recently used; does not change the order. */
  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.#entries.entries()
  }
}
