import { ApiError } from '@flash-deal/errors'

/** Characters. A token of auth has about 700; whatever is longer is not parsed. */
const lengthMax = 4_096

const bearer = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i

/**
 * The access token of an Authorization header: three parts in base64url, in the one spelling that
 * each has (RFC 7515, section 2).
 *
 * @throws ApiError UNAUTHORIZED without a header, INVALID_TOKEN where it holds no token
 */
export const bearerToken = (authorization: string | undefined): string => {
  if (authorization === undefined) throw new ApiError('UNAUTHORIZED')
  const [, token = ''] = authorization.length > lengthMax ? [] : (bearer.exec(authorization) ?? [])
  const parts = token.split('.')
  if (parts.length === 3 && parts.every(isCanonical)) return token
  throw new ApiError('INVALID_TOKEN')
}

/** The last characters that leave no bit over, by how many characters stand in the last group. */
const lastOf: Readonly<Record<number, string>> = { 2: 'AQgw', 3: 'AEIMQUYcgkosw048' }

/** Decoders ignore the bits that are left over, so several spellings would be one token. */
const isCanonical = (part: string): boolean => {
  const surplus = part.length % 4
  return surplus === 0 || (lastOf[surplus]?.includes(part.charAt(part.length - 1)) ?? false)
}
