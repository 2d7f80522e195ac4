import jwt from '@fastify/jwt'
import type { Settings } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import {
  bearerToken,
  readAccessToken,
  type TokenKey,
  type TokenRules,
  tokenKeysFrom,
} from '@flash-deal/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { PublicJwk } from '../domain/signing-key.ts'
import { loadSigningKey } from './signing-key-store.ts'
import { loadVerificationKeys, type VerificationKey } from './verification-keys.ts'

export type Session = {
  access_token: string
  refresh_token: string
  token_type: 'Bearer'
  expires_in: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The response of a log-in and of a refresh. */
    session(userId: string, refreshToken: string): Session
    /** The keys whose tokens are accepted now; the first one is the signing key. */
    publicKeys(): PublicJwk[]
    /** The same key in the form that verifies tokens; undefined if no key has this id. */
    tokenKey(kid: string): TokenKey | undefined
    tokenRules: TokenRules
  }
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sub: string; type: 'access' }
  }
}

/** Access tokens. They are signed here, and verified here and by holders of the public keys. */
export const tokens = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'auth'> }) => {
    const { key, accepted } = await loadKeys(settings)
    await app.register(jwt, {
      secret: { private: key.privatePem, public: key.publicPem },
      sign: {
        algorithm: settings.JWT_ALG,
        kid: key.jwk.kid,
        iss: settings.JWT_ISSUER,
        aud: settings.JWT_AUDIENCE,
        // In seconds, because @fastify/jwt converts numbers to the milliseconds of fast-jwt.
        expiresIn: settings.ACCESS_TOKEN_TTL_S,
      },
    })
    app.decorate('publicKeys', () => accepted.filter(isAccepted).map(({ jwk }) => jwk))
    app.decorate('tokenKey', tokenKeyOf(accepted))
    app.decorate('tokenRules', { issuer: settings.JWT_ISSUER, audience: settings.JWT_AUDIENCE })
    app.decorate(
      'session',
      (userId: string, refreshToken: string): Session => ({
        access_token: app.jwt.sign({ sub: userId, type: 'access' }),
        refresh_token: refreshToken,
        token_type: 'Bearer',
        expires_in: settings.ACCESS_TOKEN_TTL_S,
      }),
    )
  },
  { name: 'tokens' },
)

const loadKeys = async (settings: Settings<'auth'>) => {
  const { JWT_ALG: algorithm, JWT_PRIVATE_KEY: given, KEYS_DIR: folder } = settings
  const key = await loadSigningKey({ algorithm, given, folder })
  const tokenLifeMs = settings.ACCESS_TOKEN_TTL_S * 1_000
  const others = { given: settings.JWT_PUBLIC_KEYS, folder, tokenLifeMs }
  return { key, accepted: await loadVerificationKeys({ signingKey: key, ...others }) }
}

const isAccepted = ({ until }: VerificationKey): boolean => until > Date.now()

const tokenKeyOf = (keys: readonly VerificationKey[]) => {
  const tokenKeys = tokenKeysFrom({ keys: keys.map(({ jwk }) => jwk) })
  const byId = new Map(keys.map((key) => [key.jwk.kid, key]))
  return (kid: string): TokenKey | undefined => {
    const key = byId.get(kid)
    return key && isAccepted(key) ? tokenKeys.get(kid) : undefined
  }
}

/**
 * Verifies as the gateway does with M6: both return the same result for the same token.
 *
 * @throws ApiError UNAUTHORIZED without a token, INVALID_TOKEN with one that is not valid
 */
export const verifyBearer = async (request: FastifyRequest): Promise<void> => {
  const { server } = request
  const token = readAccessToken(bearerToken(request.headers.authorization), server.tokenRules)
  const key = server.tokenKey(token.kid)
  if (!key || !token.isSignedWith(key)) throw new ApiError('INVALID_TOKEN')
  request.userId = token.userId
}
