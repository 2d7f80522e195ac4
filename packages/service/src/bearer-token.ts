import { ApiError } from '@flash-deal/errors'

/** Maximum length of the header in characters. Tokens of auth have about 700. A longer one is not parsed. */
export const authorizationMax = 4_096

const bearer = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i

/**
 * The access token of an Authorization header: three parts in base64url, in the one spelling that
 * each has (RFC 7515, section 2).
 *
 * @throws ApiError UNAUTHORIZED without a header, INVALID_TOKEN if it has no token
 */
export const bearerToken = (authorization: string | undefined): string => {
  if (authorization === undefined) throw new ApiError('UNAUTHORIZED')
  const [, token = ''] =
    authorization.length > authorizationMax ? [] : (bearer.exec(authorization) ?? [])
  const parts = token.split('.')
  if (parts.length === 3 && parts.every(isCanonical)) return token
  throw new ApiError('INVALID_TOKEN')
}

/** The last characters without surplus bits, by the length of the last group. */
const lastOf: Readonly<Record<number, string>> = { 2: 'AQgw', 3: 'AEIMQUYcgkosw048' }

/** Decoders ignore surplus bits, so several spellings would decode to one token. */
const isCanonical = (part: string): boolean => {
  const surplus = part.length % 4
  return surplus === 0 || (lastOf[surplus]?.includes(part.charAt(part.length - 1)) ?? false)
}
