import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** Creates tokens by hand: forged ones, and ones like those of auth. */

const base64url = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

const signatures = {
  RS256: (input: Buffer, key: KeyObject) => sign('sha256', input, key),
  RS512: (input: Buffer, key: KeyObject) => sign('sha512', input, key),
  ES256: (input: Buffer, key: KeyObject) =>
    sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }),
  EdDSA: (input: Buffer, key: KeyObject) => sign(null, input, key),
}

/** Signs header and payload; strings are used unchanged, anything else as JSON. */
export const tokenOf = (
  header: object,
  payload: unknown,
  key: KeyObject,
  algorithm: keyof typeof signatures = 'RS256',
): string => {
  const input = `${base64url(header)}.${base64url(payload)}`
  return `${input}.${signatures[algorithm](Buffer.from(input), key).toString('base64url')}`
}

/** Signs with a secret, independently of the header. */
export const hmacTokenOf = (header: object, payload: unknown, secret: string): string => {
  const input = `${base64url(header)}.${base64url(payload)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

export const unsignedTokenOf = (header: object, payload: unknown, signature = ''): string =>
  `${base64url(header)}.${base64url(payload)}.${signature}`

export const rsaKeys = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength })

export const pemOf = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString()
