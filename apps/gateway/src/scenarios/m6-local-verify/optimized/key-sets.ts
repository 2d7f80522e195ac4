import type { TokenKey, TokenKeys } from '@flash-deal/service'

export type KeySetsOptions = {
  urls: readonly string[]
  /** The maximum age of keys since their last confirmation. */
  maxAgeMs: number
  /** Rejects if an address does not return its keys. */
  fetchKeys: (url: string) => Promise<TokenKeys>
}

type KeySet = { keys: TokenKeys; confirmedAt: number }

/**
 * The keys of all addresses of auth together: during a key rotation, one instance may know a key that
 * another does not. The last response of an address is valid until the next one, for at most
 * `maxAgeMs`. A key that is no longer in the response is retired.
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

  /** Whether there are keys that are not too old. */
  get areKnown(): boolean {
    return performance.now() < this.#freshUntil
  }

  /** Called when the keys have changed. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** Calls every address once. Rejects with the reason of each failure if one of them failed. */
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
      throw new AggregateError(failures, 'Not every address of auth returned its keys.')
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
