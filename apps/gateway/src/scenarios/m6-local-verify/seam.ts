import type { FastifyRequest } from 'fastify'

/** The part of a request that tells whose it is. */
export type TokenBearer = Pick<FastifyRequest, 'headers' | 'deadline' | 'id'>

/**
 * Finds out whose a request is. A promise is returned only where somebody must be asked.
 *
 * @throws ApiError UNAUTHORIZED, INVALID_TOKEN, DEADLINE_EXCEEDED, or SERVICE_UNAVAILABLE where it
 * cannot be found out; where it returns a promise, that rejects
 */
export type TokenCheck = (request: TokenBearer) => string | Promise<string>

/** A token whose signature was verified here. */
export type VerifiedToken = { userId: string; kid: string; expiresAtMs: number }

/** For those who remember verified tokens (M2). */
export type LocalVerifier = {
  /** @throws as TokenCheck */
  verify(request: TokenBearer): VerifiedToken | Promise<VerifiedToken>
  /** Whether it would be verified again: it has not expired, and auth still names its key. */
  stillHolds(token: VerifiedToken): boolean
  /** Called when auth's keys are not the same as before. */
  onKeyChange(listener: () => void): void
}

/** M6: who verifies a token. */
export type TokenVerifier = {
  userOf: TokenCheck
  /** Only where the gateway itself verifies. */
  local?: LocalVerifier
}

declare module 'fastify' {
  interface FastifyInstance {
    tokenVerifier: TokenVerifier
  }
}
