import type { TokenKey, TokenKeys } from '@flash-deal/service'

export type KeySetsOptions = {
  urls: readonly string[]
  /** How long keys count that nobody has confirmed since. */
  maxAgeMs: number
  /** Rejects where an address does not say its keys. */
  fetchKeys: (url: string) => Promise<TokenKeys>
}

type KeySet = { keys: TokenKeys; confirmedAt: number }

/**
 * The keys of all addresses of auth together: while a new key comes into use, one instance may know
 * it and another may not. What an address said last counts until it says something else, but no
 * longer than `maxAgeMs`: a key that it does not name any more is retired.
 */
export class KeySets {
  readonly #options: KeySetsOptions
  readonly #sets = new Map<string, KeySet>()
  readonly #listeners: (() => void)[] = []
  #union: TokenKeys = new Map()
  #freshUntil = Number.NEGATIVE_INFINITY

  constructor(options: KeySetsOptions) {
    this.#options = options
  }

  find(kid: string): TokenKey | undefined {
    return this.areKnown ? this.#union.get(kid) : undefined
  }

  /** Whether any keys are known that are not too old. */
  get areKnown(): boolean {
    return performance.now() < this.#freshUntil
  }

  /** Called when the keys are not the same as before. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** Asks every address once. Rejects where one of them did not answer, with the reason of each. */
  async refresh(): Promise<void> {
    const askedAt = performance.now()
    const { urls, fetchKeys } = this.#options
    const answers = await Promise.allSettled(urls.map(fetchKeys))
    for (const [index, answer] of answers.entries())
      if (answer.status === 'fulfilled')
        this.#sets.set(String(urls[index]), { keys: answer.value, confirmedAt: askedAt })
    this.#unite()
    const failures = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    if (failures.length > 0)
      throw new AggregateError(failures, 'auth did not say its keys at every address.')
  }

  #unite(): void {
    const { maxAgeMs } = this.#options
    const now = performance.now()
    const fresh = [...this.#sets.values()].filter((set) => now < set.confirmedAt + maxAgeMs)
    this.#freshUntil = Math.max(...fresh.map((set) => set.confirmedAt + maxAgeMs))
    const before = this.#union
    this.#union = new Map(fresh.flatMap(({ keys }) => [...keys]))
    if (!haveSameIds(before, this.#union)) for (const listener of this.#listeners) listener()
  }
}

const haveSameIds = (one: TokenKeys, other: TokenKeys): boolean =>
  one.size === other.size && [...one.keys()].every((kid) => other.has(kid))
