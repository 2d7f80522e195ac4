/** A map with a maximum total weight. It evicts the entry that was set first. */
export class BoundedMap<Key, Value extends object> extends Map<Key, Value> {
  readonly #max: number
  readonly #weigh: (value: Value) => number
  #weight = 0

  /** @param weigh returns the constant weight of a value; the default is 1, which limits the number of entries */
  constructor(max: number, weigh: (value: Value) => number = () => 1) {
    super()
    this.#max = max
    this.#weigh = weigh
  }

  override set(key: Key, value: Value): this {
    this.delete(key)
    super.set(key, value)
    this.#weight += this.#weigh(value)
    for (const oldest of this.keys()) {
      if (this.#weight <= this.#max) break
      this.delete(oldest)
    }
    return this
  }

  override delete(key: Key): boolean {
    const value = this.get(key)
    if (value) this.#weight -= this.#weigh(value)
    return super.delete(key)
  }

  override clear(): void {
    super.clear()
    this.#weight = 0
  }
}
