import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'
import { pemProblem } from './pem.ts'

export type JwtAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

type JsonWebKey = import('node:crypto').webcrypto.JsonWebKey

export type PublicJwk = JsonWebKey & { kty: string; kid: string; use: 'sig'; alg: JwtAlgorithm }

/** A key that verifies tokens. */
export type PublicKey = { publicPem: string; jwk: PublicJwk }

export type SigningKey = PublicKey & { privatePem: string }

const makeKeyPair = promisify(generateKeyPair)

export const algorithms = ['RS256', 'ES256', 'EdDSA'] as const

const kinds = {
  RS256: {
    type: 'rsa',
    isFit: ({ asymmetricKeyDetails: { modulusLength = 0 } = {} }: KeyObject) =>
      modulusLength >= 2_048 && modulusLength <= 8_192,
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
 * @throws Error if the text is not a private key, or for another algorithm
 */
export const signingKeyFrom = (pem: string, algorithm: JwtAlgorithm): SigningKey => {
  const privateKey = read(() => createPrivateKey(pem), pemProblem(pem, 'PRIVATE KEY'))
  if (!fits(privateKey, algorithm)) {
    throw new Error(
      `The private key does not fit JWT_ALG=${algorithm}. Give one of type ${kinds[algorithm].type}.`,
    )
  }
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { privatePem, ...describe(createPublicKey(privateKey), algorithm) }
}

/**
 * A key that verifies tokens; its type determines the algorithm.
 * @throws Error if the text is not a public key, or of an unsupported type
 */
export const publicKeyFrom = (pem: string): PublicKey => {
  // Node would accept a private key and use its public half, but a private key must not be here.
  if (pem.includes('PRIVATE KEY')) throw new Error('It is a private key. Give its public half.')
  const publicKey = read(() => createPublicKey(pem), pemProblem(pem, 'PUBLIC KEY'))
  const algorithm = algorithms.find((each) => fits(publicKey, each))
  if (algorithm) return describe(publicKey, algorithm)
  throw new Error('Give an RSA key of 2048 to 8192 bits, an EC key on P-256, or an Ed25519 key.')
}

const fits = (key: KeyObject, algorithm: JwtAlgorithm): boolean =>
  key.asymmetricKeyType === kinds[algorithm].type && kinds[algorithm].isFit(key)

/** Replaces OpenSSL's messages, such as `DECODER routines::unsupported`. */
const read = (key: () => KeyObject, problem: string): KeyObject => {
  try {
    return key()
  } catch {
    throw new Error(problem)
  }
}

const describe = (publicKey: KeyObject, alg: JwtAlgorithm): PublicKey => {
  const jwk = publicKey.export({ format: 'jwk' })
  return {
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    jwk: { ...jwk, kty: String(jwk.kty), kid: thumbprint(jwk), use: 'sig', alg },
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7638 the required members, in the order of their names */
const thumbprint = ({ crv, e, kty, n, x, y }: JsonWebKey): string =>
  createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url')
