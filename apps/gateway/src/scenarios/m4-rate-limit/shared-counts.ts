import type { FastifyInstance } from 'fastify'
import type { Limit } from './seam.ts'

/** The time for which Redis is not used after a failure, in milliseconds. */
const restMs = 1_000

/**
 * Takes up to ARGV[2] of the remaining requests of a window, at most a quarter of them, so that some
 * remain for other gateways, but at least one. Returns the number taken and the milliseconds until the
 * window ends. The time is that of Redis, so the clocks of the gateways do not matter.
 */
const takeShare = `
local taken = tonumber(redis.call('get', KEYS[1]) or '0')
local left = tonumber(ARGV[1]) - taken
local share = math.max(0, math.min(left, tonumber(ARGV[2]), math.max(1, math.floor(left / 4))))
if share > 0 then redis.call('incrby', KEYS[1], share) end
local ttl = redis.call('pttl', KEYS[1])
if ttl < 0 then
  ttl = tonumber(ARGV[3])
  redis.call('pexpire', KEYS[1], ttl)
end
return {share, ttl}`

/** The requests that Redis has granted until the end of the window. */
export type Grant = {
  requests: number
  /** The end of the window, by `performance.now()`. */
  endsAt: number
}

/** The counts of all gateways, in Redis. */
export class SharedCounts {
  readonly #app: FastifyInstance
  readonly #failed: () => void
  #restsUntil = Number.NEGATIVE_INFINITY
  #isFailing = false

  constructor(app: FastifyInstance) {
    this.#app = app
    this.#failed = app.witness('M4', 'redis_failed')
  }

  /**
   * Takes requests from a client's current window; undefined if Redis fails, or has failed within the
   * last second. After that, one call at a time tries Redis again.
   */
  async take(limit: Limit, client: string, wanted: number): Promise<Grant | undefined> {
    const askedAt = performance.now()
    if (askedAt < this.#restsUntil) return undefined
    if (this.#isFailing) this.#restsUntil = askedAt + restMs
    try {
      const key = `rate:${limit.name}:${client}`
      const { max, windowMs } = limit
      const found = await this.#app.redis.eval(takeShare, 1, key, max, wanted, windowMs)
      const [requests, leftMs] = numbersIn(found)
      this.#isBack()
      return { requests, endsAt: askedAt + leftMs }
    } catch (error) {
      this.#rest(error)
      return undefined
    }
  }

  #isBack(): void {
    this.#isFailing = false
    this.#restsUntil = Number.NEGATIVE_INFINITY
  }

  #rest(error: unknown): void {
    this.#failed()
    this.#isFailing = true
    this.#restsUntil = performance.now() + restMs
    const message = 'Redis failed; this gateway limits by its own counts for a second'
    this.#app.causeLog.write(this.#app.log, error, message)
  }
}

/** @throws Error if the reply is not two numbers */
const numbersIn = (found: unknown): [requests: number, leftMs: number] => {
  const [requests, leftMs] = Array.isArray(found) ? found : []
  if (typeof requests === 'number' && typeof leftMs === 'number') return [requests, leftMs]
  throw new Error('Redis returned no share of a rate limit.')
}
