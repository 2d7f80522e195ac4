import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { NotStarted } from '@flash-deal/errors'

/** One of the lock servers. Both methods reject if it does not respond in time. */
export type LockServer = {
  /** Locks all names or none; false if one of them is locked. */
  lock(names: readonly string[], token: string, ttlMs: number): Promise<boolean>
  /** Releases the names that are locked with the token. */
  unlock(names: readonly string[], token: string): Promise<unknown>
}

export type RedlockOptions = {
  /** An odd number of independent servers, at least three. */
  servers: readonly LockServer[]
  /** The time after which a lock expires, in milliseconds. */
  lockMs: number
  /** The maximum time to acquire a lock, in milliseconds. */
  waitMs: number
  /** The maximum number of orders that hold or try to acquire a lock; one more is rejected. */
  waitersMax: number
  /** Called when an attempt has to be repeated. */
  onWait: () => void
  clock?: { now(): number; pause(ms: number): Promise<unknown> }
}

/**
 * The longest pause before an attempt, in milliseconds, per contender in this process. So the rate of
 * all attempts together does not depend on the number of contenders and does not slow down the
 * holder. The pause is random, so that contenders do not collide again, and the same for a new order,
 * so that it does not overtake the others.
 */
const pauseEachMs = 2.5

/** The majority of a number of servers. */
export const quorumOf = (servers: number): number => Math.floor(servers / 2) + 1

/** The clock drift of the servers: one percent, and two milliseconds of rounding. */
const driftOf = (ms: number): number => ms / 100 + 2

const ownClock = { now: () => performance.now(), pause: (ms: number) => pause(ms) }

/**
 * Redlock: a lock is acquired if a majority of the servers has granted it and some of its time is left.
 * It guarantees exclusion only while no clock jumps and no process pauses. Writes that must be correct
 * even then need a fencing token.
 *
 * @see https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/
 */
export class Redlock {
  readonly #options: RedlockOptions
  readonly #clock: NonNullable<RedlockOptions['clock']>
  /** The number of contenders for each name, in this process. */
  readonly #wanted = new Map<string, number>()
  #waiters = 0

  constructor(options: RedlockOptions) {
    this.#options = options
    this.#clock = options.clock ?? ownClock
  }

  /**
   * Runs the work while this process holds all names.
   *
   * @param mostMs the maximum time to acquire the lock, if it is less than the default
   * @throws NotStarted if the lock could not be acquired in time, or too many wait
   */
  async hold<Result>(
    names: readonly string[],
    work: () => Promise<Result>,
    mostMs = Number.POSITIVE_INFINITY,
  ): Promise<Result> {
    if (this.#waiters >= this.#options.waitersMax) throw busy('Too many wait for locks.')
    this.#count(names, 1)
    try {
      const lock = await this.#acquire(names, Math.min(mostMs, this.#options.waitMs))
      return await work().finally(() => release(lock))
    } finally {
      this.#count(names, -1)
    }
  }

  #count(names: readonly string[], change: 1 | -1): void {
    this.#waiters += change
    for (const name of names) {
      const count = (this.#wanted.get(name) ?? 0) + change
      if (count === 0) this.#wanted.delete(name)
      else this.#wanted.set(name, count)
    }
  }

  async #acquire(names: readonly string[], waitMs: number): Promise<Lock> {
    const { onWait } = this.#options
    const giveUpAt = this.#clock.now() + waitMs
    await this.#pause(this.#crowdAt(names) - 1, waitMs)
    for (;;) {
      const lock = await this.#try(names)
      if (lock.isHad) return lock
      release(lock)
      const leftMs = giveUpAt - this.#clock.now()
      if (leftMs <= 0) throw busy('The lock could not be acquired in time.')
      onWait()
      await this.#pause(this.#crowdAt(names), leftMs)
    }
  }

  /** The largest number of contenders for one of the names. */
  #crowdAt(names: readonly string[]): number {
    return Math.max(...names.map((name) => this.#wanted.get(name) ?? 0))
  }

  async #pause(crowd: number, mostMs: number): Promise<void> {
    if (crowd > 0) await this.#clock.pause(Math.min(Math.random() * pauseEachMs * crowd, mostMs))
  }

  /** One server after the other, in a fixed order, so that the later of two contenders stops early. */
  async #try(names: readonly string[]): Promise<Lock> {
    const { servers, lockMs } = this.#options
    const [since, token] = [this.#clock.now(), randomUUID()]
    const on: LockServer[] = []
    const missing = { yes: quorumOf(servers.length), no: quorumOf(servers.length) }
    for (const server of servers) {
      const answer = await server.lock(names, token, lockMs).catch(() => undefined)
      missing[answer ? 'yes' : 'no'] -= 1
      if (answer !== false) on.push(server)
      if (missing.no === 0) break
    }
    const tookMs = this.#clock.now() - since
    return { names, token, on, isHad: missing.yes <= 0 && tookMs + driftOf(lockMs) < lockMs }
  }
}

type Lock = {
  names: readonly string[]
  /** A new token for each attempt, so that undoing one attempt does not release the next one. */
  token: string
  /** The servers that may have granted the lock, including those without a response. */
  on: readonly LockServer[]
  isHad: boolean
}

/** Runs in the background: a lock that could not be released expires. */
const release = ({ names, token, on }: Lock): void => {
  for (const server of on) server.unlock(names, token).catch(() => {})
}

const busy = (reason: string): NotStarted =>
  new NotStarted('SERVICE_UNAVAILABLE', { cause: new Error(reason) })
