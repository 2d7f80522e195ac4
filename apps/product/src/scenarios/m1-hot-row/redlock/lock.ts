import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { NotStarted } from '@flash-deal/errors'

/** One of the servers of a lock. Both reject where it does not answer in time. */
export type LockServer = {
  /** Takes all the names or none; false where somebody has one of them. */
  lock(names: readonly string[], token: string, ttlMs: number): Promise<boolean>
  /** Gives back the names that carry the token. */
  unlock(names: readonly string[], token: string): Promise<unknown>
}

export type RedlockOptions = {
  /** Three or more, an odd number, which know nothing of each other. */
  servers: readonly LockServer[]
  /** After so many milliseconds a lock is gone by itself. */
  lockMs: number
  /** How long to try for a lock, in milliseconds. */
  waitMs: number
  /** Those who may try or hold at a time; one more is shed. */
  waitersMax: number
  /** Called when somebody has to try again. */
  onWait: () => void
  clock?: { now(): number; pause(ms: number): Promise<unknown> }
}

/**
 * The longest pause before a try, for each who wants the same here: however many they are, together
 * they try equally often, and leave the one who works his time. It is random, so that those who met
 * part, and the same for who has just come, so that he passes nobody.
 */
const pauseEachMs = 2.5

/** How many servers are more than half of so many. */
export const quorumOf = (servers: number): number => Math.floor(servers / 2) + 1

/** How far the clocks of the servers may go wrong: a hundredth, and two for what they round. */
const driftOf = (ms: number): number => ms / 100 + 2

const ownClock = { now: () => performance.now(), pause: (ms: number) => pause(ms) }

/**
 * Redlock: a lock is had where a majority of the servers has granted it, and time is left of it. It
 * excludes others for as long as no clock jumps and nobody pauses; what may not go wrong even then
 * has to be fenced.
 *
 * @see https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/
 */
export class Redlock {
  readonly #options: RedlockOptions
  readonly #clock: NonNullable<RedlockOptions['clock']>
  /** Those who want or have a name, in this process. */
  readonly #wanted = new Map<string, number>()
  #waiters = 0

  constructor(options: RedlockOptions) {
    this.#options = options
    this.#clock = options.clock ?? ownClock
  }

  /**
   * Does the work while all the names are ours.
   *
   * @param mostMs how long to try for the lock, where that is less than usual
   * @throws NotStarted where the lock could not be had in time, or too many wait
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
      if (leftMs <= 0) throw busy('The lock could not be had in time.')
      onWait()
      await this.#pause(this.#crowdAt(names), leftMs)
    }
  }

  /** How many want the name that most want. */
  #crowdAt(names: readonly string[]): number {
    return Math.max(...names.map((name) => this.#wanted.get(name) ?? 0))
  }

  async #pause(crowd: number, mostMs: number): Promise<void> {
    if (crowd > 0) await this.#clock.pause(Math.min(Math.random() * pauseEachMs * crowd, mostMs))
  }

  /** One server after the other, always in the same order: who comes second stops at the first two. */
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
  /** One for each try, so that what takes back one try takes back nothing of the next. */
  token: string
  /** Where it may stand: also where no answer came. */
  on: readonly LockServer[]
  isHad: boolean
}

/** Nobody waits for it: what could not be given back ends by itself. */
const release = ({ names, token, on }: Lock): void => {
  for (const server of on) server.unlock(names, token).catch(() => {})
}

const busy = (reason: string): NotStarted =>
  new NotStarted('SERVICE_UNAVAILABLE', { cause: new Error(reason) })
