import { RecentlyUsed } from '@flash-deal/service'
import { localLimiters } from './optimized.ts'
import type { Limit, Limiter, LimiterFactory } from './seam.ts'
import { SharedCounts } from './shared-counts.ts'

/**
 * Redis counts each request, for all gateways. A rejected client is stored until its window ends, so
 * that further rejections cost no round trip. If Redis fails, a gateway limits by its own counts.
 */
export const exactLimiters: LimiterFactory = (options) => {
  const { app, settings } = options
  const counted = app.witness('M4', 'counted_in_redis')
  const counts = new SharedCounts(app)
  const localOf = localLimiters(options)

  return (limit: Limit): Limiter => {
    const local = localOf(limit)
    const refusedUntil = new RecentlyUsed<string, number>(settings.RATE_LIMIT_CLIENTS_MAX)
    return (request) => {
      const client = limit.clientOf(request)
      const leftMs = (refusedUntil.get(client) ?? 0) - performance.now()
      if (leftMs > 0) return leftMs
      return counts.take(limit, client, 1).then((grant) => {
        if (grant === undefined) return local(request)
        counted()
        if (grant.requests > 0) return 0
        refusedUntil.set(client, grant.endsAt)
        return Math.max(1, grant.endsAt - performance.now())
      })
    }
  }
}
