import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Client } from '@flash-deal/local/api-client'
import type { Stack } from '@flash-deal/local/stack'
import type { Users } from './offer.ts'

/**
 * Access tokens signed with the key of the system. A log-in costs a slow password hash, so logging in
 * ten thousand buyers would take minutes. EdDSA is the fastest algorithm to sign with.
 */

export const tokenSettings = () => ({
  JWT_ALG: 'EdDSA',
  JWT_PRIVATE_KEY: generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString(),
})

const tokenLifeS = 86_400

/** The token of a buyer is created on first use. */
export const createUsers = async (api: Client, { settings }: Stack): Promise<Users> => {
  const { body } = await api<{ keys: { kid: string }[] }>('/auth/.well-known/jwks.json')
  const header = { alg: 'EdDSA', typ: 'JWT', kid: body.keys[0]?.kid }
  const key = createPrivateKey(settings.JWT_PRIVATE_KEY ?? '')
  const token = (): string => {
    const iat = Math.floor(Date.now() / 1_000)
    const of = { sub: randomUUID(), type: 'access', iat, exp: iat + tokenLifeS }
    const from = { iss: settings.JWT_ISSUER, aud: settings.JWT_AUDIENCE }
    const content = `${encoded(header)}.${encoded({ ...of, ...from })}`
    return `${content}.${sign(null, Buffer.from(content), key).toString('base64url')}`
  }
  const buyers: string[] = []
  const buyer = (number: number): string => (buyers[number] ??= token())
  return { seller: token(), buyer }
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
