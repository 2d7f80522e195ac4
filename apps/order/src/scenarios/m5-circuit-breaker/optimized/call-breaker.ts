import type { ApiError } from '@flash-deal/errors'
import { type BreakerState, Deadline } from '@flash-deal/service'
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  handleWhen,
} from 'cockatiel'
import { RecentOutcomes } from './recent-outcomes.ts'

/** `answered`: a success. `failed`: a failure. `inconclusive`: not counted. */
export type Outcome = 'answered' | 'failed' | 'inconclusive'

export type CallBreakerOptions = {
  /** How long the breaker stays open, in milliseconds. */
  openMs: number
  /** The timeout of a call, in milliseconds; a timeout is a failure. */
  timeoutMs: number
  /** The minimum number of calls in ten seconds to open. */
  callsMin: number
  /** Classifies an error of a call that had enough time. */
  outcomeOf: (error: unknown) => Outcome
  /** The error of a call that is not made. */
  refuse: (retryAfterS: number) => ApiError
}

/** The share of failed calls at which the breaker opens. */
const threshold = 0.5

const windowS = 10

/** Wraps an error that the policy must not count. */
class Inconclusive extends Error {}

/**
 * Stops calls that mostly fail. Open: all calls are rejected immediately. Half-open: one call is
 * made and decides, the others are rejected without waiting for it. A call with less than half of
 * `timeoutMs` left does not count as a failure, and is never the one that decides.
 */
export class CallBreaker {
  readonly #options: CallBreakerOptions
  readonly #policy: CircuitBreakerPolicy
  #openedAt = 0

  constructor(options: CallBreakerOptions) {
    this.#options = options
    const { openMs: halfOpenAfter, callsMin } = options
    const breaker = new RecentOutcomes({ threshold, windowS, callsMin })
    this.#policy = circuitBreaker(
      handleWhen((error) => this.#counts(error)),
      {
        halfOpenAfter,
        breaker,
      },
    )
    this.#policy.onBreak(() => {
      this.#openedAt = Date.now()
    })
  }

  /** Open until the next call is let through. */
  get state(): BreakerState {
    const { state } = this.#policy
    if (state === CircuitState.Closed) return 'closed'
    return state === CircuitState.HalfOpen ? 'half_open' : 'open'
  }

  onChange(listener: (state: BreakerState) => void): void {
    this.#policy.onStateChange(() => listener(this.state))
  }

  /**
   * @param call receives its timeout
   * @throws the error of `refuse`, with `Retry-After`, if the call is not made; otherwise its own error
   */
  async run<Result>(
    { leftMs }: Deadline,
    call: (deadline: Deadline) => Promise<Result>,
  ): Promise<Result> {
    const { timeoutMs } = this.#options
    const hasTime = leftMs >= timeoutMs / 2
    if (this.state === 'half_open' || (this.state === 'open' && !hasTime)) throw this.#refusal()
    const made = () => this.#settled(() => call(Deadline.in(Math.min(leftMs, timeoutMs))), hasTime)
    const settled = await this.#policy.execute(made).catch((error: unknown) => {
      throw this.#thrown(error)
    })
    if ('error' in settled) throw settled.error
    return settled.result
  }

  /** A rejection is a response: it is returned here, so that it counts as a success. */
  async #settled<Result>(call: () => Promise<Result>, hasTime: boolean) {
    try {
      return { result: await call() }
    } catch (error) {
      const outcome = this.#options.outcomeOf(error)
      if (outcome === 'answered') return { error }
      throw outcome === 'failed' && hasTime ? error : new Inconclusive('', { cause: error })
    }
  }

  /** An inconclusive call must not close the breaker. */
  #counts(error: unknown): boolean {
    return !(error instanceof Inconclusive) || this.#policy.state === CircuitState.HalfOpen
  }

  #thrown(error: unknown): unknown {
    if (error instanceof BrokenCircuitError) return this.#refusal()
    return error instanceof Inconclusive ? error.cause : error
  }

  #refusal(): ApiError {
    const { refuse, openMs } = this.#options
    const leftMs = this.state === 'open' ? this.#openedAt + openMs - Date.now() : 0
    return refuse(Math.max(1, Math.ceil(leftMs / 1_000)))
  }
}
