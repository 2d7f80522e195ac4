import { createPublicKey, type KeyObject, verify, type webcrypto } from 'node:crypto'

export type TokenAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

/** A public key, with the one algorithm that it may verify. */
export type TokenKey = {
  kid: string
  alg: TokenAlgorithm
  hasSigned(content: Buffer, signature: Buffer): boolean
}

export type TokenKeys = ReadonlyMap<string, TokenKey>

/** Maximum number of keys read from a set; a rotation has fewer. */
const keysMax = 32

/**
 * The keys of a JSON Web Key Set that can verify access tokens, by `kid`. Keys with another use, type
 * or size are ignored, and so are all members except the public key.
 *
 * @throws Error if it is not a key set, or has no usable key
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */
export const tokenKeysFrom = (keySet: unknown): TokenKeys => {
  if (!isObject(keySet) || !Array.isArray(keySet.keys))
    throw new Error('The response is not a key set.')
  const listed: unknown[] = keySet.keys
  const keys = listed.slice(0, keysMax).flatMap((jwk) => tokenKeyFrom(jwk) ?? [])
  if (keys.length === 0) throw new Error('The key set has no key for access tokens.')
  return new Map(keys.map((key) => [key.kid, key]))
}

type Jwk = Record<string, unknown>

const isObject = (value: unknown): value is Jwk => typeof value === 'object' && value !== null

type Kind = {
  /** The members of the public key. */
  members: readonly string[]
  isFit(key: KeyObject): boolean
  hash: string | null
}

/** Bits. A larger modulus would make each token expensive. */
const modulus = { least: 2_048, most: 8_192 }

const kinds: Readonly<Record<TokenAlgorithm, Kind>> = {
  RS256: {
    members: ['kty', 'n', 'e'],
    isFit: ({ asymmetricKeyType, asymmetricKeyDetails: { modulusLength = 0 } = {} }) =>
      asymmetricKeyType === 'rsa' &&
      modulusLength >= modulus.least &&
      modulusLength <= modulus.most,
    hash: 'sha256',
  },
  ES256: {
    members: ['kty', 'crv', 'x', 'y'],
    isFit: ({ asymmetricKeyType, asymmetricKeyDetails }) =>
      asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1',
    hash: 'sha256',
  },
  EdDSA: {
    members: ['kty', 'crv', 'x'],
    isFit: ({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519',
    hash: null,
  },
}

const isAlgorithm = (alg: unknown): alg is TokenAlgorithm =>
  typeof alg === 'string' && Object.hasOwn(kinds, alg)

const tokenKeyFrom = (jwk: unknown): TokenKey | undefined => {
  if (!isObject(jwk)) return undefined
  const { kid, alg, use = 'sig' } = jwk
  if (typeof kid !== 'string' || use !== 'sig' || !isAlgorithm(alg)) return undefined
  const { members, isFit, hash } = kinds[alg]
  const key = publicKeyFrom(jwk, members)
  if (!key || !isFit(key)) return undefined
  // An ES256 signature in a JWT is two numbers of 32 bytes, not DER.
  const verifying = alg === 'ES256' ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key
  return {
    kid,
    alg,
    hasSigned: (content, signature) => verify(hash, content, verifying, signature),
  }
}

const publicKeyFrom = (jwk: Jwk, members: readonly string[]): KeyObject | undefined => {
  const numbers = Object.fromEntries(members.map((name) => [name, String(jwk[name])]))
  try {
    return createPublicKey({ key: numbers as webcrypto.JsonWebKey, format: 'jwk' })
  } catch {
    return undefined
  }
}
