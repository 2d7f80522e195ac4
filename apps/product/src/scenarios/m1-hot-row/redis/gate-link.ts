import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'

/** Redis as long as it is the same and has answered. */
type Session = { run: string }

export type GateLinkOptions = {
  redis: Redis
  log: Pick<FastifyBaseLogger, 'warn' | 'info'>
  /** Redis answers, for the first time or again. */
  onSession: () => void
}

/**
 * Whether Redis can be asked. After an error or a time-out it is left alone until it says which run
 * of the server it is: a server draws its run id anew at each start, so what was written under
 * another one is out of date, whether it is gone or has come back from an old snapshot.
 */
export class GateLink {
  readonly #options: GateLinkOptions
  #session: Session | undefined
  #isLooking = false
  #isAwaySaid = false

  constructor(options: GateLinkOptions) {
    this.#options = options
    const { redis } = options
    redis.on('close', () => this.#lose())
    redis.on('ready', () => this.#look())
    if (redis.status === 'ready') this.#look()
  }

  /**
   * What `work` answers, given the server's run id; undefined where Redis does not answer, or is
   * another one by then.
   */
  async ask<Answer>(work: (run: string) => Promise<Answer>): Promise<Answer | undefined> {
    const session = this.#session
    if (!session) {
      this.#sayAway()
      this.#look()
      return undefined
    }
    try {
      const answer = await work(session.run)
      return session === this.#session ? answer : undefined
    } catch (err) {
      if (session === this.#session) this.#lose()
      this.#sayAway(err)
      return undefined
    }
  }

  #lose(): void {
    this.#session = undefined
  }

  /** One question at a time, each of which ends in the time of a command. */
  #look(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    this.#options.redis
      .info('server')
      .then((info) => this.#find(/^run_id:(\w+)/m.exec(info)?.[1]))
      .catch((err: unknown) => this.#sayAway(err))
      .finally(() => {
        this.#isLooking = false
      })
  }

  #find(run: string | undefined): void {
    if (run === undefined) throw new Error('Redis does not say which run of it this is.')
    this.#session = { run }
    if (this.#isAwaySaid) this.#options.log.info('The gate is asked again')
    this.#isAwaySaid = false
    this.#options.onSession()
  }

  /** Once for each time that it is away. */
  #sayAway(err?: unknown): void {
    if (this.#isAwaySaid) return
    this.#isAwaySaid = true
    this.#options.log.warn({ err }, 'Redis cannot be asked: PostgreSQL decides without a gate')
  }
}
