import jwt from '@fastify/jwt'
import type { Settings } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import {
  bearerToken,
  readAccessToken,
  type TokenKeys,
  type TokenRules,
  tokenKeysFrom,
} from '@flash-deal/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { PublicJwk } from '../domain/signing-key.ts'
import { loadSigningKey } from './signing-key-store.ts'

export type Session = {
  access_token: string
  refresh_token: string
  token_type: 'Bearer'
  expires_in: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What a log-in and a refresh answer with. */
    session(userId: string, refreshToken: string): Session
    publicKeys: readonly PublicJwk[]
    /** The same keys, as tokens are verified by them. */
    tokenKeys: TokenKeys
    tokenRules: TokenRules
  }
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sub: string; type: 'access' }
  }
}

/** Access tokens: signed here, verified here and by whoever has the public keys. */
export const tokens = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'auth'> }) => {
    const key = await loadSigningKey({
      algorithm: settings.JWT_ALG,
      given: settings.JWT_PRIVATE_KEY,
      folder: settings.KEYS_DIR,
    })
    await app.register(jwt, {
      secret: { private: key.privatePem, public: key.publicPem },
      sign: {
        algorithm: settings.JWT_ALG,
        kid: key.jwk.kid,
        iss: settings.JWT_ISSUER,
        aud: settings.JWT_AUDIENCE,
        // Seconds to this plugin, although fast-jwt below it counts milliseconds.
        expiresIn: settings.ACCESS_TOKEN_TTL_S,
      },
    })
    app.decorate('publicKeys', [key.jwk])
    app.decorate('tokenKeys', tokenKeysFrom({ keys: app.publicKeys }))
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

/**
 * As the gateway verifies where it does so itself (M6): both get the same answer to the same token.
 *
 * @throws ApiError UNAUTHORIZED without a token, INVALID_TOKEN with one that is not ours
 */
export const verifyBearer = async (request: FastifyRequest): Promise<void> => {
  const { tokenKeys, tokenRules } = request.server
  const token = readAccessToken(bearerToken(request.headers.authorization), tokenRules)
  const key = tokenKeys.get(token.kid)
  if (!key || !token.isSignedWith(key)) throw new ApiError('INVALID_TOKEN')
  request.userId = token.userId
}
