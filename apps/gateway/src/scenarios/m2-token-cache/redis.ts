import type { TokenBearer, TokenCheck } from '../m6-local-verify/seam.ts'
import { digestOf } from './digest.ts'
import { localOf } from './local-verifier.ts'
import { RedisTokens } from './redis/redis-tokens.ts'
import type { TokenCacheOptions } from './seam.ts'

/** The period in milliseconds in which Redis is not called after a failure, so that no request waits for it. */
const restMs = 1_000

/**
 * Caches verified tokens in Redis, for all gateways. Redis is optional: if it is unavailable, the
 * gateway verifies, and a counter and a log line report it. A cached token is valid until it expires or auth retires
 * its key. Rejected tokens are not cached.
 */
export const inRedis = (options: TokenCacheOptions): TokenCheck => {
  const { app, settings, verifier } = options
  const { verify, stillHolds } = localOf(options)
  const hit = app.witness('M2', 'redis_hit')
  const miss = app.witness('M2', 'redis_miss')
  const away = app.witness('M2', 'redis_away')
  const tokens = new RedisTokens({ redis: app.redis, internalKey: settings.INTERNAL_KEY })
  let restsUntil = Number.NEGATIVE_INFINITY
  const rest = (error: unknown): 'away' => {
    restsUntil = performance.now() + restMs
    const message = 'Redis failed; this gateway does not use its cached tokens for a second'
    app.causeLog.write(app.log, error, message)
    return 'away'
  }

  const lookUp = async (request: TokenBearer, digest: string): Promise<string> => {
    const known = await tokens.read(digest).catch(rest)
    if (known === 'away') {
      away()
      return verifier.userOf(request)
    }
    if (known && stillHolds(known)) {
      hit()
      return known.userId
    }
    miss()
    const found = await verify(request)
    // Not awaited: a token that could not be stored is verified again.
    tokens.write(digest, found).catch(rest)
    return found.userId
  }

  return (request) => {
    const { authorization } = request.headers
    if (authorization === undefined) return verifier.userOf(request)
    if (performance.now() >= restsUntil) return lookUp(request, digestOf(authorization))
    away()
    return verifier.userOf(request)
  }
}
