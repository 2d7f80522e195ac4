import { RecentlyUsed } from '@flash-deal/service'
import type { TokenCheck, VerifiedToken } from '../m6-local-verify/seam.ts'
import { digestOf } from './digest.ts'
import { localOf } from './local-verifier.ts'
import type { TokenCacheOptions } from './seam.ts'

/**
 * Caches the most recently used verified tokens in the process. A cached token is valid until it
 * expires or auth retires its key. Rejected tokens are not cached.
 */
export const inMemory = (options: TokenCacheOptions): TokenCheck => {
  const { app, settings, verifier } = options
  const { verify, stillHolds, onKeyChange } = localOf(options)
  const hit = app.witness('M2', 'memory_hit')
  const miss = app.witness('M2', 'memory_miss')
  const kept = new RecentlyUsed<string, VerifiedToken>(settings.TOKEN_CACHE_MAX)

  onKeyChange(() => kept.deleteWhere((token) => !stillHolds(token)))

  return (request) => {
    const { authorization } = request.headers
    if (authorization === undefined) return verifier.userOf(request)
    const digest = digestOf(authorization)
    const known = kept.get(digest)
    if (known && stillHolds(known)) {
      hit()
      return known.userId
    }
    miss()
    const keep = (token: VerifiedToken): string => {
      kept.set(digest, token)
      return token.userId
    }
    const found = verify(request)
    return found instanceof Promise ? found.then(keep) : keep(found)
  }
}
