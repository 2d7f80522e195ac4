import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'

/** The connection to one run of the Redis server. */
type Session = { run: string }

export type GateLinkOptions = {
  redis: Redis
  log: Pick<FastifyBaseLogger, 'warn' | 'info'>
  /** Called when Redis responds for the first time or again. */
  onSession: () => void
}

/**
 * Whether Redis can be used. After an error or a timeout it is not used until it reports its run id. A
 * server has a new run id after each start, so data written under another run id is out of date,
 * whether it is lost or restored from an old snapshot.
 */
export class GateLink {
  readonly #options: GateLinkOptions
  #session: Session | undefined
  #isLooking = false
  #isOutageLogged = false

  constructor(options: GateLinkOptions) {
    this.#options = options
    const { redis } = options
    redis.on('close', () => this.#lose())
    redis.on('ready', () => this.#look())
    if (redis.status === 'ready') this.#look()
  }

  /**
   * The result of `work` with the server's run id; undefined if Redis does not respond, or has another
   * run id afterwards.
   */
  async ask<Answer>(work: (run: string) => Promise<Answer>): Promise<Answer | undefined> {
    const session = this.#session
    if (!session) {
      this.#logOutage()
      this.#look()
      return undefined
    }
    try {
      const answer = await work(session.run)
      return session === this.#session ? answer : undefined
    } catch (err) {
      if (session === this.#session) this.#lose()
      this.#logOutage(err)
      return undefined
    }
  }

  #lose(): void {
    this.#session = undefined
  }

  /** One query at a time, each limited by the command timeout. */
  #look(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    this.#options.redis
      .info('server')
      .then((info) => this.#find(/^run_id:(\w+)/m.exec(info)?.[1]))
      .catch((err: unknown) => this.#logOutage(err))
      .finally(() => {
        this.#isLooking = false
      })
  }

  #find(run: string | undefined): void {
    if (run === undefined) throw new Error('Redis does not report its run_id.')
    this.#session = { run }
    if (this.#isOutageLogged) this.#options.log.info('Redis responds again: the gate is active')
    this.#isOutageLogged = false
    this.#options.onSession()
  }

  /** Logs once for each outage. */
  #logOutage(err?: unknown): void {
    if (this.#isOutageLogged) return
    this.#isOutageLogged = true
    this.#options.log.warn({ err }, 'Redis does not respond: PostgreSQL decides without the gate')
  }
}
