/** A map of so much at most: what was set longest ago goes first. */
export class BoundedMap<Key, Value extends object> extends Map<Key, Value> {
  readonly #max: number
  readonly #weigh: (value: Value) => number
  #weight = 0

  /** @param weigh how much a value is, and remains; 1 where it is not given, for so many entries */
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
