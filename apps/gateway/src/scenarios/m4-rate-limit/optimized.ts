import type { FastifyRequest } from 'fastify'
import type { Limit, Limiter, LimiterOptions, Limiters } from './seam.ts'

/** Each gateway counts separately, with @fastify/rate-limit. */
export const localLimiters = ({ app }: LimiterOptions): Limiters => {
  const onCounted = app.witness('M4', 'counted_here')
  return ({ max, windowMs, clientOf }: Limit): Limiter => {
    const check = app.createRateLimit({ max, timeWindow: windowMs, keyGenerator: clientOf })
    return async (request: FastifyRequest) => {
      onCounted()
      const found = await check(request)
      return found.isAllowed || !found.isExceeded ? 0 : found.ttl
    }
  }
}
