import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { Environment } from '@flash-deal/config'
import type { Template } from '../generator/protocol.ts'
import { pageAt } from './product-pages.ts'
import type { Subject } from './subject.ts'

/**
 * Access tokens that the lab signs itself, as auth would: a log-in costs two slow password hashes.
 * The key is passed to the processes of the arms and is in no record.
 */

const pairs = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}

export type Algorithm = keyof typeof pairs

type Signer = {
  environment: Environment
  /** Requests for the user's own orders, each with the token of another user without orders. */
  templates(address: string, count: number): Promise<Template[]>
}

const signerOf = (alg: Algorithm): Signer => {
  const { privateKey }: { privateKey: KeyObject } = pairs[alg]()
  const JWT_PRIVATE_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return {
    environment: { JWT_ALG: alg, JWT_PRIVATE_KEY },
    templates: async (address, count) => {
      const header = { alg, typ: 'JWT', kid: await kidAt(address) }
      const first = await pageBy(address, tokenOf(header, privateKey))
      const others = Array.from({ length: count - 1 }, () => tokenOf(header, privateKey))
      return [first, ...others.map((token) => withToken(first, token))]
    },
  }
}

/** Tokens of one algorithm; `word` names their number in the record. */
type Tokens = { alg: Algorithm } & ({ users: number } | { tokens: number })

/** The common part of subjects that request own orders from the gateway with a token. */
export const ownOrdersBy = ({ alg, ...data }: Tokens) => {
  const signer = signerOf(alg)
  const count = 'users' in data ? data.users : data.tokens
  return {
    operations: ['listMyOrders'],
    services: ['gateway', 'order', 'product', 'auth'],
    connections: 16,
    blocks: 4,
    ceiling: { what: 'the gateway without token verification', plant: 'no-token.ts' },
    environment: () => signer.environment,
    onlyReads: true,
    comesToRest: true,
    prepare: async () => data,
    templates: (address) => signer.templates(address, count),
  } satisfies Partial<Subject>
}

const path = '/orders?size=1'
const authorization = /Bearer \S+/

const pageBy = (address: string, token: string): Promise<Template> =>
  pageAt(address, path, { authorization: `Bearer ${token}` })

/** No user has orders, so that all responses are the same. */
const withToken = (template: Template, token: string): Template => ({
  ...template,
  wire: template.wire.replace(authorization, `Bearer ${token}`),
})

const kidAt = async (address: string): Promise<string | undefined> => {
  const response = await fetch(`${address}/auth/.well-known/jwks.json`)
  const { keys } = (await response.json()) as { keys: { kid: string }[] }
  return keys[0]?.kid
}

const lifeS = 86_400

const tokenOf = (header: object, key: KeyObject): string => {
  const iat = Math.floor(Date.now() / 1_000)
  const of = { sub: randomUUID(), type: 'access', iat, exp: iat + lifeS }
  const content = `${encoded(header)}.${encoded({ ...of, iss: 'flash-deal', aud: 'flash-deal' })}`
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  const signature = sign(hash, Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' })
  return `${content}.${signature.toString('base64url')}`
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
