import type { TokenBearer, TokenCheck } from '../m6-local-verify/seam.ts'
import { digestOf } from './digest.ts'
import { localOf } from './local-verifier.ts'
import { RedisTokens } from './redis/redis-tokens.ts'
import type { TokenCacheOptions } from './seam.ts'

/** Milliseconds for which Redis is left alone after it has failed: nobody waits for it meanwhile. */
const restMs = 1_000

/**
 * Verified tokens stand in Redis, for all gateways. Redis is never needed: where it does not answer,
 * the gateway verifies, and a counter says so. One is believed until it expires, and no longer than
 * auth names its key. What is refused is not remembered.
 */
export const inRedis = (options: TokenCacheOptions): TokenCheck => {
  const { app, settings, verifier } = options
  const { verify, stillHolds } = localOf(options)
  const hit = app.witness('M2', 'redis_hit')
  const miss = app.witness('M2', 'redis_miss')
  const away = app.witness('M2', 'redis_away')
  const tokens = new RedisTokens({ redis: app.redis, internalKey: settings.INTERNAL_KEY })
  let restsUntil = Number.NEGATIVE_INFINITY
  const rest = (): 'away' => {
    restsUntil = performance.now() + restMs
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
    // Nobody waits for it: one that could not be kept is verified again.
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
