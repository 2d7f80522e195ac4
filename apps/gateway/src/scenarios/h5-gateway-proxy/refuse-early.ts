import type { onRequestHookHandler } from 'fastify'
import type { RoutePool } from '../../domain/route-pool.ts'

/**
 * Rejects a request that would find the queue of its class full, before its token is verified and its
 * body is read. Not for reads, because a cache (M9) may answer them without a place.
 */
export const refuseEarly =
  (pool: RoutePool): onRequestHookHandler =>
  (request, _reply, done) =>
    done(pool.refusal(request))
