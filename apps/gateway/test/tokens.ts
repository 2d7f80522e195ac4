import { type KeyObject, sign } from 'node:crypto'
import { signingKey } from './system.ts'

/** Access tokens that a test makes itself, with the key of auth or another. */

export const headerOf = ({ keys: [key] }: { keys: { kid: string }[] }) => ({
  alg: 'ES256',
  typ: 'JWT',
  kid: key?.kid,
})

export const claimsOf = (userId: string) => ({
  sub: userId,
  type: 'access',
  iss: 'flash-deal',
  aud: 'flash-deal',
  iat: Math.floor(Date.now() / 1_000),
  exp: Math.floor(Date.now() / 1_000) + 600,
})

/** Strings are used unchanged. */
export const encoded = (part: object | string): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

export const tokenOf = (
  header: object,
  claims: object | string,
  key: KeyObject = signingKey,
): string => {
  const content = `${encoded(header)}.${encoded(claims)}`
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  const signature = sign(hash, Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' })
  return `${content}.${signature.toString('base64url')}`
}
