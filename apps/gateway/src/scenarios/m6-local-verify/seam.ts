import type { FastifyRequest } from 'fastify'

/** The part of a request that identifies the user. */
export type TokenBearer = Pick<FastifyRequest, 'headers' | 'deadline' | 'id' | 'ip'>

/**
 * Identifies the user of a request. Returns a promise only if another service must be called.
 *
 * @throws ApiError UNAUTHORIZED, INVALID_TOKEN, DEADLINE_EXCEEDED, or SERVICE_UNAVAILABLE if the token
 * cannot be checked; a returned promise rejects with them
 */
export type TokenCheck = (request: TokenBearer) => string | Promise<string>

/** A token whose signature the gateway has verified. */
export type VerifiedToken = { userId: string; kid: string; expiresAtMs: number }

/** For the cache of verified tokens (M2). */
export type LocalVerifier = {
  /** @throws as TokenCheck */
  verify(request: TokenBearer): VerifiedToken | Promise<VerifiedToken>
  /** Whether the token is still valid: it has not expired, and auth has not retired its key. */
  stillHolds(token: VerifiedToken): boolean
  /** Called when auth's keys have changed. */
  onKeyChange(listener: () => void): void
}

/** M6: the verification of tokens. */
export type TokenVerifier = {
  userOf: TokenCheck
  /** Only if the gateway itself verifies. */
  local?: LocalVerifier
}

declare module 'fastify' {
  interface FastifyInstance {
    tokenVerifier: TokenVerifier
  }
}
