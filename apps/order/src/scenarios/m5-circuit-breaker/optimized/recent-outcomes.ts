import { CircuitState, type IBreaker } from 'cockatiel'

type Counts = { calls: number; failures: number }

/** The counts of one second of the window. */
type Bucket = Counts & { second: number }

export type RecentOutcomesOptions = {
  /** Share of failed calls at which the breaker opens, above 0 and up to 1. */
  threshold: number
  /** Whole seconds, from 1. */
  windowS: number
  /** Calls within the window below which it does not open, from 1. */
  callsMin: number
  /** Milliseconds; the time of day by default. */
  now?: () => number
}

/**
 * Decides when a closed breaker opens, by the calls of the last seconds. Cockatiel's
 * `SamplingBreaker` is not used: its window advances by one step per call, so that with few calls
 * failures of hours ago still count.
 */
export class RecentOutcomes implements IBreaker {
  readonly #options: Required<RecentOutcomesOptions>
  #buckets: Bucket[] = []

  constructor(options: RecentOutcomesOptions) {
    this.#options = { now: Date.now, ...options }
  }

  /** For `toJSON` of the policy, which is not used here. */
  get state(): unknown {
    return undefined
  }

  success(state: CircuitState): void {
    // Failures before the breaker opened do not count after it closes.
    if (state === CircuitState.HalfOpen) this.#buckets = []
    this.#current().calls += 1
  }

  /** @returns whether the breaker opens */
  failure(state: CircuitState): boolean {
    const current = this.#current()
    current.calls += 1
    current.failures += 1
    return state !== CircuitState.Closed || this.#isTooMuch()
  }

  #isTooMuch(): boolean {
    const { threshold, callsMin } = this.#options
    const calls = this.#buckets.reduce((sum, each) => sum + each.calls, 0)
    const failures = this.#buckets.reduce((sum, each) => sum + each.failures, 0)
    return calls >= callsMin && failures >= threshold * calls
  }

  /** The bucket of this second; those that have left the window are dropped. */
  #current(): Bucket {
    const { now, windowS } = this.#options
    const second = Math.floor(now() / 1_000)
    const last = this.#buckets.at(-1)
    if (last?.second === second) return last
    const bucket = { second, calls: 0, failures: 0 }
    // After the clock is set back there are buckets of the future; they are dropped too.
    const inWindow = (each: Bucket) => each.second > second - windowS && each.second < second
    this.#buckets = [...this.#buckets.filter(inWindow), bucket]
    return bucket
  }
}
