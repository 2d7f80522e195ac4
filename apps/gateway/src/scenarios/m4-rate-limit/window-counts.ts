import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import { RecentlyUsed } from '@flash-deal/service'

type Count = { requests: number; endsAt: number }
type Callback = Parameters<FastifyRateLimitStore['incr']>[1]

/**
 * Counts by client and window in the process, for the most recently seen clients. The store of
 * @fastify/rate-limit returns the object that it continues to count in, so that requests that
 * arrive at the same time all see the last count and are rejected.
 */
export const windowCounts = (clientsMax: number): FastifyRateLimitStoreCtor =>
  class WindowCounts implements FastifyRateLimitStore {
    readonly #counts = new RecentlyUsed<string, Count>(clientsMax)

    incr(client: string, callback: Callback, windowMs: number): void {
      const now = performance.now()
      const known = this.#counts.get(client)
      const isOver = known === undefined || known.endsAt <= now
      const count = isOver ? { requests: 0, endsAt: now + windowMs } : known
      if (isOver) this.#counts.set(client, count)
      count.requests += 1
      callback(null, { current: count.requests, ttl: count.endsAt - now })
    }

    /** Each limit has separate counts. */
    child(): FastifyRateLimitStore {
      return new WindowCounts()
    }
  }
