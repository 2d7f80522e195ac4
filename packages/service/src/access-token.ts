import { ApiError } from '@flash-deal/errors'
import type { TokenKey } from './token-keys.ts'

/** The required issuer and audience of a token. */
export type TokenRules = { issuer: string; audience: string }

/** The claims of a token. They are trusted only after the signature is verified. */
export type ClaimedToken = {
  kid: string
  userId: string
  /** Expiry time by this machine's clock, in milliseconds since 1970. */
  expiresAtMs: number
  isSignedWith(key: TokenKey): boolean
}

/**
 * Parses an access token and checks everything except the signature, which costs more than the rest.
 * `jwk`, `jku` and `x5u` are never followed, and no critical extension is supported. No clock skew is
 * tolerated, here or elsewhere.
 *
 * @param token as `bearerToken` returns it
 * @throws ApiError INVALID_TOKEN
 */
export const readAccessToken = (token: string, rules: TokenRules): ClaimedToken => {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const { alg, kid } = headerOf(parsed(header))
  return {
    kid,
    ...claimsOf(parsed(payload), rules),
    isSignedWith: (key) =>
      key.alg === alg &&
      key.hasSigned(
        Buffer.from(token.slice(0, token.lastIndexOf('.')), 'latin1'),
        Buffer.from(signature, 'base64url'),
      ),
  }
}

type Members = Readonly<Record<string, unknown>>

/** Of members with the same name the last one counts. */
const parsed = (part: string): Members => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Members
  } catch {
    // Invalid JSON gets the same error as a wrong shape.
  }
  return refuse()
}

/** A thumbprint has 43 characters. */
const kidLengthMax = 128

const headerOf = ({ alg, kid, typ, crit }: Members): { alg: unknown; kid: string } => {
  const isJwt = typeof typ === 'string' && /^(application\/)?jwt$/i.test(typ)
  if (!isJwt || crit !== undefined || typeof kid !== 'string' || kid.length > kidLengthMax)
    return refuse()
  return { alg, kid }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const claimsOf = (claims: Members, { issuer, audience }: TokenRules) => {
  const { sub, type, iss, aud } = claims
  if (type !== 'access' || iss !== issuer || !isFor(audience, aud)) return refuse()
  if (typeof sub !== 'string' || !uuid.test(sub)) return refuse()
  return { userId: sub, expiresAtMs: endOf(claims, Date.now()) }
}

const isFor = (audience: string, aud: unknown): boolean =>
  aud === audience ||
  (Array.isArray(aud) && aud.includes(audience) && aud.every((each) => typeof each === 'string'))

/** In seconds; the range of a Date. JSON allows larger numbers: 1e999 parses as infinity. */
const timeMax = 8.64e12

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= timeMax

const endOf = ({ exp, iat, nbf = 0 }: Members, nowMs: number): number => {
  if (!isTime(exp) || !isTime(iat) || !isTime(nbf)) return refuse()
  if (nowMs > exp * 1_000 || nowMs < nbf * 1_000) return refuse()
  return exp * 1_000
}

const refuse = (): never => {
  throw new ApiError('INVALID_TOKEN')
}
