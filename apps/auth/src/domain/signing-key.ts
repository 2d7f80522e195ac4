import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'

export type JwtAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

type JsonWebKey = import('node:crypto').webcrypto.JsonWebKey

export type PublicJwk = JsonWebKey & { kty: string; kid: string; use: 'sig'; alg: JwtAlgorithm }

export type SigningKey = { privatePem: string; publicPem: string; jwk: PublicJwk }

const makeKeyPair = promisify(generateKeyPair)

const kinds = {
  RS256: {
    type: 'rsa',
    isFit: (key: KeyObject) => (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048,
  },
  ES256: {
    type: 'ec',
    isFit: (key: KeyObject) => key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  },
  EdDSA: { type: 'ed25519', isFit: () => true },
} as const

/** A new private key for the algorithm, as PEM (PKCS#8). */
export const makePrivatePem = async (algorithm: JwtAlgorithm): Promise<string> => {
  const { privateKey } = await {
    RS256: () => makeKeyPair('rsa', { modulusLength: 2048 }),
    ES256: () => makeKeyPair('ec', { namedCurve: 'prime256v1' }),
    EdDSA: () => makeKeyPair('ed25519'),
  }[algorithm]()
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/**
 * The signing key from its private half; its id is the thumbprint of the public one.
 * @throws Error where the text is no private key, or one for another algorithm
 */
export const signingKeyFrom = (pem: string, algorithm: JwtAlgorithm): SigningKey => {
  const privateKey = createPrivateKey(pem)
  const { type, isFit } = kinds[algorithm]
  if (privateKey.asymmetricKeyType !== type || !isFit(privateKey)) {
    throw new Error(`The private key does not fit JWT_ALG=${algorithm}. Give one of type ${type}.`)
  }
  const publicKey = createPublicKey(privateKey)
  const jwk = publicKey.export({ format: 'jwk' })
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    jwk: { ...jwk, kty: String(jwk.kty), kid: thumbprint(jwk), use: 'sig', alg: algorithm },
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7638 the required members, in the order of their names */
const thumbprint = ({ crv, e, kty, n, x, y }: JsonWebKey): string =>
  createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url')
