import jwt from '@fastify/jwt'
import type { Settings } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
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
  }
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sub: string; type: 'access' }
    user: { sub: string; type: string }
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
      // Without these a token with no expiry, of another issuer or of another kind would do.
      verify: {
        algorithms: [settings.JWT_ALG],
        allowedIss: settings.JWT_ISSUER,
        allowedAud: settings.JWT_AUDIENCE,
        requiredClaims: ['exp', 'iat', 'sub', 'iss', 'aud', 'type'],
        checkTyp: 'jwt',
        complete: true,
      },
    })
    app.decorate('publicKeys', [key.jwk])
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

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const bearer = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i

/** @throws ApiError UNAUTHORIZED without a token, INVALID_TOKEN with one that is not ours */
export const verifyBearer = async (request: FastifyRequest): Promise<void> => {
  const { authorization } = request.headers
  if (authorization === undefined) throw new ApiError('UNAUTHORIZED')
  const [, token] = bearer.exec(authorization) ?? []
  if (token === undefined) throw new ApiError('INVALID_TOKEN')
  request.userId = userOf(request.server, token)
}

/** What a verified token holds; that `kid`, `type` and `sub` are ours is still to be seen. */
type Verified = { header: { kid?: unknown }; payload: { sub: unknown; type: unknown } }

const userOf = (app: FastifyInstance, token: string): string => {
  const { header, payload } = verified(app, token)
  const isOurs = app.publicKeys.some(({ kid }) => kid === header.kid)
  const { type, sub } = payload
  if (isOurs && type === 'access' && typeof sub === 'string' && uuid.test(sub)) return sub
  throw new ApiError('INVALID_TOKEN')
}

const verified = (app: FastifyInstance, token: string): Verified => {
  try {
    return app.jwt.verify<Verified>(token)
  } catch (cause) {
    throw new ApiError('INVALID_TOKEN', { cause })
  }
}
