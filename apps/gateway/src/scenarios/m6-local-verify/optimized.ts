import type { Settings } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import {
  bearerToken,
  type ClaimedToken,
  periodically,
  readAccessToken,
  type TokenKey,
} from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { AuthKeys } from './optimized/auth-keys.ts'
import { keysFetcher } from './optimized/fetch-keys.ts'
import type { LocalVerifier, TokenBearer, TokenVerifier, VerifiedToken } from './seam.ts'

/** The gateway verifies with auth's public keys. It calls auth for keys, never for a token. */
export const verifyHere = async (
  app: FastifyInstance,
  settings: Settings<'gateway'>,
): Promise<TokenVerifier> => {
  const keys = new AuthKeys({
    urls: app.upstreamUrls.auth,
    maxAgeMs: settings.JWKS_MAX_AGE_MS,
    cooldownMs: settings.JWKS_COOLDOWN_MS,
    fetchKeys: keysFetcher(app),
  })
  app.addReadinessCheck('auth-keys', async () => {
    if (!keys.areKnown) throw new Error('No key of auth is known.')
  })
  await app.register(periodically, {
    name: 'auth-keys',
    intervalMs: () => (keys.areKnown ? settings.JWKS_REFRESH_MS : 0),
    runAtStart: true,
    work: () => keys.refresh(),
  })
  // Runs before the hook that waits for the rounds: onClose hooks run last in, first out.
  app.addHook('onClose', async () => keys.close())
  const verify = verifierBy(app, keys, settings)
  const local: LocalVerifier = {
    verify,
    stillHolds: ({ kid, expiresAtMs }) => Date.now() <= expiresAtMs && keys.find(kid) !== undefined,
    onKeyChange: (listener) => keys.onChange(listener),
  }
  return { userOf: (request) => userIn(verify(request)), local }
}

const verifierBy = (
  app: FastifyInstance,
  keys: AuthKeys,
  { JWT_ISSUER: issuer, JWT_AUDIENCE: audience }: Settings<'gateway'>,
): LocalVerifier['verify'] => {
  const verified = app.witness('M6', 'verified_here')
  const awaited = app.witness('M6', 'keys_awaited')

  const accept = (claimed: ClaimedToken, key: TokenKey | undefined): VerifiedToken => {
    if (!key) throw new ApiError('INVALID_TOKEN')
    verified()
    if (!claimed.isSignedWith(key)) throw new ApiError('INVALID_TOKEN')
    const { userId, expiresAtMs } = claimed
    // The string of the key itself, so that cached tokens do not each hold a copy.
    return { userId, kid: key.kid, expiresAtMs }
  }

  return ({ headers, deadline }: TokenBearer) => {
    const claimed = readAccessToken(bearerToken(headers.authorization), { issuer, audience })
    const key = keys.find(claimed.kid)
    if (key) return accept(claimed, key)
    awaited()
    return keys.findAnew(claimed.kid, deadline).then((found) => accept(claimed, found))
  }
}

const userIn = (found: VerifiedToken | Promise<VerifiedToken>): string | Promise<string> =>
  found instanceof Promise ? found.then(({ userId }) => userId) : found.userId
