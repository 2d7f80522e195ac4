import { ApiError } from '@flash-deal/errors'
import type { TokenKey } from './token-keys.ts'

/** Who must have issued a token, and for whom. */
export type TokenRules = { issuer: string; audience: string }

/** What a token says; it is true only if its key has signed it. */
export type ClaimedToken = {
  kid: string
  userId: string
  /** By this machine's clock, in milliseconds since 1970. The token holds until then. */
  expiresAtMs: number
  isSignedWith(key: TokenKey): boolean
}

/**
 * Reads an access token and checks all of it but the signature, which costs more than the rest.
 * Nothing is looked up where a token says (`jwk`, `jku`, `x5u`), and no extension that it calls
 * critical is known. No skew of clocks is allowed for, here or anywhere else.
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
    // What is no JSON gets the same answer as what is another shape.
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

/** Seconds; what a Date can hold. JSON has numbers beyond it: 1e999 is infinite when it is read. */
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
