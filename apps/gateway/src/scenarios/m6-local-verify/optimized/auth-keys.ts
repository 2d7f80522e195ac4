import { setTimeout as pause } from 'node:timers/promises'
import { ApiError } from '@flash-deal/errors'
import type { Deadline, TokenKey } from '@flash-deal/service'
import { KeySets, type KeySetsOptions } from './key-sets.ts'

export type AuthKeysOptions = KeySetsOptions & {
  /** The minimum time between the starts of two refreshes. */
  cooldownMs: number
}

/** The maximum number of requests that wait for keys; more would be forged tokens. */
const waitingMax = 1_000

/**
 * Auth's keys. They are refreshed when a token names an unknown key: all waiting requests share the
 * next refresh, and no refresh starts during the cool-down, so forged tokens cost auth one request per
 * cool-down. A waiting request uses a refresh that started after it arrived.
 */
export class AuthKeys extends KeySets {
  readonly #cooldownMs: number
  readonly #closing = new AbortController()
  #begunAt = Number.NEGATIVE_INFINITY
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #waiting = 0

  constructor(options: AuthKeysOptions) {
    super(options)
    this.#cooldownMs = options.cooldownMs
  }

  /** Joins the next refresh; rejects as it does. */
  override refresh(): Promise<void> {
    this.#next ??= this.#whenDue().then(() => {
      this.#next = undefined
      this.#begunAt = performance.now()
      this.#running = super.refresh()
      return this.#running
    })
    return this.#next
  }

  /**
   * The key that auth has under this id now; undefined if there is none.
   *
   * @throws ApiError SERVICE_UNAVAILABLE if auth could not be called, DEADLINE_EXCEEDED
   */
  async findAnew(kid: string, deadline: Deadline): Promise<TokenKey | undefined> {
    if (this.#waiting >= waitingMax) throw new ApiError('SERVICE_UNAVAILABLE')
    this.#waiting += 1
    try {
      const failure = await within(deadline, this.refresh().then(toUndefined, toReason))
      const key = this.find(kid)
      if (failure && !key) throw new ApiError('SERVICE_UNAVAILABLE', { cause: failure })
      return key
    } finally {
      this.#waiting -= 1
    }
  }

  /** Ends the cool-down. */
  close(): void {
    this.#closing.abort()
  }

  async #whenDue(): Promise<void> {
    await this.#running.catch(toUndefined)
    const waitMs = this.#begunAt + this.#cooldownMs - performance.now()
    const { signal } = this.#closing
    if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(toUndefined)
  }
}

const toUndefined = (): undefined => undefined
const toReason = (reason: unknown): unknown => reason

const within = async <Result>(deadline: Deadline, work: Promise<Result>): Promise<Result> => {
  const timer = new AbortController()
  const late = pause(deadline.remainingMs(), undefined, timer).then(() => {
    throw new ApiError('DEADLINE_EXCEEDED')
  })
  try {
    return await Promise.race([work, late])
  } finally {
    timer.abort()
  }
}
