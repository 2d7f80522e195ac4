import { createPublicKey, generateKeyPairSync, verify, type webcrypto } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { assertRefused, freshDatabase } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { buildAuth, getAs, newSession, verify as verifyToken } from './client.ts'
import { pemOf, rsaKeys } from './jws.ts'

type Jwk = webcrypto.JsonWebKey & { kid: string; alg: string; kty: string }

const database = await freshDatabase()
t.teardown(() => database.drop())

const algorithms = [
  { algorithm: 'RS256', kty: 'RSA', hash: 'sha256', signatureBytes: 256 },
  { algorithm: 'ES256', kty: 'EC', hash: 'sha256', signatureBytes: 64 },
  { algorithm: 'EdDSA', kty: 'OKP', hash: null, signatureBytes: 64 },
] as const

const keyOf = async (app: FastifyInstance): Promise<Jwk> => {
  const [key, ...more] = (await getAs(app, '/auth/.well-known/jwks.json')).json<{ keys: Jwk[] }>()
    .keys
  if (!key || more.length > 0) throw new Error('There should be one key.')
  return key
}

/** Verifies the signature of a token without the code of auth. */
const isSignedBy = (token: string, jwk: Jwk, hash: string | null): boolean => {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const input = Buffer.from(`${header}.${payload}`)
  const bytes = Buffer.from(signature, 'base64url')
  return verify(hash, input, { key, dsaEncoding: 'ieee-p1363' }, bytes)
}

const headerOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())

for (const { algorithm, kty, hash, signatureBytes } of algorithms) {
  t.test(`with ${algorithm}`, async (t) => {
    const settings = { JWT_ALG: algorithm, KEYS_DIR: t.testdir() }
    const app = await buildAuth(t, { database, settings })
    const { access_token, user } = await newSession(app)
    const key = await keyOf(app)

    t.test('a token names its algorithm and key, and the public key verifies it', async (t) => {
      t.match(key, { alg: algorithm, kty, use: 'sig' })
      t.strictSame(headerOf(access_token), { alg: algorithm, typ: 'JWT', kid: key.kid })
      t.ok(isSignedBy(access_token, key, hash))
      t.equal(Buffer.from(access_token.split('.')[2] ?? '', 'base64url').length, signatureBytes)
    })

    t.test('auth accepts it', async (t) => {
      const answer = await verifyToken(app, access_token)
      t.strictSame(answer.json(), { valid: true, user_id: user.id })
    })

    t.test('key and tokens outlive a restart', async (t) => {
      const again = await buildAuth(t, { database, settings })
      t.strictSame(await keyOf(again), key)
      t.equal((await verifyToken(again, access_token)).statusCode, 200)
    })

    t.test('only the owner of the folder can read the key, and no temporary file is left', (t) => {
      const files = readdirSync(settings.KEYS_DIR)
      t.strictSame(files, [`${algorithm.toLowerCase()}.pem`])
      for (const file of files) t.equal(statSync(join(settings.KEYS_DIR, file)).mode & 0o077, 0)
      t.end()
    })

    t.test('a token of another key for the same algorithm is rejected', async (t) => {
      const other = await buildAuth(t, { database, settings: { JWT_ALG: algorithm } })
      t.not((await keyOf(other)).kid, key.kid)
      assertRefused(t, await verifyToken(other, access_token), 401, 'INVALID_TOKEN')
    })
  })
}

t.test('several processes that start with an empty folder use one key', async (t) => {
  // Generating an RSA key takes so long that all processes find the folder empty.
  const settings = { KEYS_DIR: join(t.testdir(), 'not/there/yet'), JWT_ALG: 'RS256' }
  const start = () => buildAuth(t, { database, settings })
  const apps = await Promise.all([start(), start(), start(), start()])
  const keys = await Promise.all([...apps, await start()].map(keyOf))
  t.equal(new Set(keys.map(({ kid }) => kid)).size, 1)
})

t.test(
  'a configured key is used and not stored: PEM, with escaped newlines, in quotes, or base64 of it',
  async (t) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const KEYS_DIR = t.testdir()
    const pem = pemOf(privateKey)
    const base64 = Buffer.from(pem).toString('base64')
    const ways = [
      pem,
      pem.replaceAll('\n', '\\n'),
      `"${pem}"`,
      base64,
      base64.match(/.{1,64}/g)?.join('\n') ?? '',
    ]
    for (const JWT_PRIVATE_KEY of ways) {
      const settings = { JWT_ALG: 'ES256', JWT_PRIVATE_KEY, KEYS_DIR }
      const { x, y } = await keyOf(await buildAuth(t, { database, settings }))
      t.hasStrict(publicKey.export({ format: 'jwk' }), { x, y })
    }
    t.strictSame(readdirSync(KEYS_DIR), [])
  },
)

const ecKey = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey
const encryptedPem = () =>
  rsaKeys()
    .privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString()
const wrongKeys = [
  ['RS256', 'an EC key', pemOf(ecKey('P-256')), /does not fit JWT_ALG=RS256/],
  [
    'RS256',
    'an RSA key of 1024 bits',
    pemOf(rsaKeys(1024).privateKey),
    /does not fit JWT_ALG=RS256/,
  ],
  ['ES256', 'an RSA key', pemOf(rsaKeys().privateKey), /does not fit JWT_ALG=ES256/],
  ['ES256', 'a key of another curve', pemOf(ecKey('P-384')), /does not fit JWT_ALG=ES256/],
  ['EdDSA', 'an EC key', pemOf(ecKey('P-256')), /does not fit JWT_ALG=EdDSA/],
  ['RS256', 'a public key', pemOf(rsaKeys().publicKey), /JWT_PRIVATE_KEY cannot .* not a private/],
  ['RS256', 'a text', 'open sesame', /JWT_PRIVATE_KEY cannot be used: It is not PEM/],
  [
    'RS256',
    'base64 of a text',
    btoa('open sesame'),
    /JWT_PRIVATE_KEY cannot be used: It is not PEM/,
  ],
  ['RS256', 'half a key', pemOf(rsaKeys().privateKey).slice(0, 300), /It is damaged/],
  ['RS256', 'a key with a passphrase', encryptedPem(), /It is encrypted/],
] as const

const refusalOf = async (t: Test, settings: Record<string, string>): Promise<Error> => {
  const error: unknown = await buildAuth(t, { database, settings }).catch((error) => error)
  if (error instanceof Error) return error
  throw new Error('Auth started.')
}

for (const [algorithm, title, pem, sentence] of wrongKeys) {
  t.test(
    `for ${algorithm}, ${title} is rejected with a message that does not contain it`,
    async (t) => {
      const error = await refusalOf(t, { JWT_ALG: algorithm, JWT_PRIVATE_KEY: pem })
      t.equal(error.name, 'ConfigError')
      t.match(error.message, sentence)
      t.notMatch(error.message, 'routines')
      const secret = pem.split('\n').at(1) ?? pem
      t.notOk(error.message.includes(secret))
    },
  )
}

t.test('a stored key that cannot be read is an error, and is not replaced', async (t) => {
  const KEYS_DIR = t.testdir({ 'rs256.pem': 'half a key' })
  const error = await refusalOf(t, { KEYS_DIR })
  t.equal(error.name, 'ConfigError')
  t.match(error.message, /RS256 in KEYS_DIR cannot be used/)
  t.equal(readFileSync(join(KEYS_DIR, 'rs256.pem'), 'utf8'), 'half a key')
})
