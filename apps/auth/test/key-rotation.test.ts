import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assertRefused, freshDatabase } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { buildAuth, getAs, newSession, verify } from './client.ts'
import { hmacTokenOf, pemOf, rsaKeys, tokenOf } from './jws.ts'

const database = await freshDatabase()
t.teardown(() => database.drop())

type Settings = Record<string, string>
/** With a key that is generated quickly, unless the settings name another algorithm. */
const start = (t: Test, settings: Settings) =>
  buildAuth(t, { database, settings: { JWT_ALG: 'ES256', ...settings } })

type Jwk = { kid: string; alg: string; kty: string; use: string }
const keysOf = async (app: FastifyInstance): Promise<Jwk[]> =>
  (await getAs(app, '/auth/.well-known/jwks.json')).json<{ keys: Jwk[] }>().keys

const ecKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const edKeys = () => generateKeyPairSync('ed25519')
type Keys = { privateKey: KeyObject; publicKey: KeyObject }

const algorithms = [
  { JWT_ALG: 'RS256', keys: rsaKeys() },
  { JWT_ALG: 'ES256', keys: ecKeys() },
  { JWT_ALG: 'EdDSA', keys: edKeys() },
]
const signingWith = (JWT_ALG: string, { privateKey }: Keys, ...others: Keys[]): Settings => ({
  JWT_ALG,
  JWT_PRIVATE_KEY: pemOf(privateKey),
  JWT_PUBLIC_KEYS: others.map(({ publicKey }) => pemOf(publicKey)).join('\n'),
})

for (const old of algorithms) {
  for (const now of algorithms.filter(({ JWT_ALG }) => JWT_ALG !== old.JWT_ALG)) {
    t.test(
      `from ${old.JWT_ALG} to ${now.JWT_ALG} in two steps, no token is rejected`,
      async (t) => {
        const first = await start(t, signingWith(old.JWT_ALG, old.keys, now.keys))
        const second = await start(t, signingWith(now.JWT_ALG, now.keys, old.keys))
        for (const signer of [first, second]) {
          const { access_token, user } = await newSession(signer)
          for (const app of [first, second])
            t.strictSame((await verify(app, access_token)).json(), {
              valid: true,
              user_id: user.id,
            })
        }
        const shown = await keysOf(second)
        t.strictSame(
          shown.map(({ alg, use }) => [alg, use]),
          [now, old].map(({ JWT_ALG }) => [JWT_ALG, 'sig']),
          'the one that signs stands first',
        )
        t.strictSame(await keysOf(first), [...shown].reverse())
      },
    )
  }
}

t.test('a key is replaced by another one for the same algorithm', async (t) => {
  const [old, now] = [ecKeys(), ecKeys()]
  const before = await start(t, signingWith('ES256', old))
  const after = await start(t, signingWith('ES256', now, old))
  const without = await start(t, signingWith('ES256', now))
  const { access_token } = await newSession(before)
  t.equal((await verify(after, access_token)).statusCode, 200)
  assertRefused(t, await verify(without, access_token), 401, 'INVALID_TOKEN')
})

t.test(
  'public keys may be PEM, with line breaks written \\n, or base64, with commas',
  async (t) => {
    const [one, two] = [pemOf(ecKeys().publicKey), pemOf(edKeys().publicKey)]
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    const ways = [
      one + two,
      `${one},${two}`,
      (one + two).replaceAll('\n', '\\n'),
      `${base64(one)},${base64(two)}`,
      base64(one + two),
      `${one} ${base64(two)}`,
    ]
    for (const JWT_PUBLIC_KEYS of ways) {
      const shown = await keysOf(await start(t, { JWT_PUBLIC_KEYS }))
      t.strictSame(
        shown.map(({ alg }) => alg),
        ['ES256', 'ES256', 'EdDSA'],
      )
    }
  },
)

t.test(
  'an accepted key signs only with its own algorithm, and only under its own id',
  async (t) => {
    const [rsa, ec] = [rsaKeys(), ecKeys()]
    const app = await start(t, signingWith('RS256', rsa, ec))
    const [rsaId = '', ecId = ''] = (await keysOf(app)).map(({ kid }) => kid)
    const { user } = await newSession(app)
    const iat = Math.floor(Date.now() / 1_000)
    const issued = { iss: 'flash-deal', aud: 'flash-deal', iat, exp: iat + 60 }
    const claims = { sub: user.id, type: 'access', ...issued }
    const header = (alg: string, kid?: unknown) => ({ alg, typ: 'JWT', kid })
    const right = tokenOf(header('ES256', ecId), claims, ec.privateKey, 'ES256')
    t.equal((await verify(app, right)).statusCode, 200)
    const forged = [
      tokenOf(header('ES256', rsaId), claims, ec.privateKey, 'ES256'),
      tokenOf(header('RS256', ecId), claims, rsa.privateKey),
      tokenOf(header('RS512', rsaId), claims, rsa.privateKey, 'RS512'),
      hmacTokenOf(header('HS256', ecId), claims, pemOf(ec.publicKey)),
      tokenOf(header('RS256'), claims, rsa.privateKey),
      tokenOf(header('RS256', 'unknown'), claims, rsa.privateKey),
      tokenOf(header('RS256', [rsaId]), claims, rsa.privateKey),
      tokenOf(header('RS256', '__proto__'), claims, rsa.privateKey),
    ]
    for (const token of forged) assertRefused(t, await verify(app, token), 401, 'INVALID_TOKEN')
  },
)

t.test('generated keys', async (t) => {
  const KEYS_DIR = t.testdir()
  const { access_token } = await newSession(await start(t, { KEYS_DIR }))
  const isTaken = async (app: FastifyInstance) => (await verify(app, access_token)).statusCode
  const EdDSA = { KEYS_DIR, JWT_ALG: 'EdDSA' }
  /** Sets the time of the change to this many seconds ago. */
  const retiredAgo = (seconds: number) => {
    const time = new Date(Date.now() - seconds * 1_000).toISOString()
    writeFileSync(join(KEYS_DIR, 'es256.retired'), time)
  }

  t.test('are accepted after a change of JWT_ALG', async (t) => {
    const app = await start(t, EdDSA)
    t.strictSame(
      (await keysOf(app)).map(({ alg }) => alg),
      ['EdDSA', 'ES256'],
    )
    t.equal(await isTaken(app), 200)
  })

  t.test('are accepted after a change to a configured key', async (t) => {
    t.equal(await isTaken(await start(t, { ...EdDSA, ...signingWith('ES256', ecKeys()) })), 200)
  })

  t.test('are accepted for the lifetime of a token, across restarts', async (t) => {
    retiredAgo(3_590)
    t.equal(await isTaken(await start(t, EdDSA)), 200)
    retiredAgo(3_601)
    const app = await start(t, EdDSA)
    assertRefused(t, await verify(app, access_token), 401, 'INVALID_TOKEN')
    t.equal((await keysOf(app)).length, 1)
  })

  t.test('expire while auth runs, too', async (t) => {
    retiredAgo(3_598)
    const app = await start(t, EdDSA)
    t.equal((await keysOf(app)).length, 2)
    const end = performance.now() + 60_000
    while ((await keysOf(app)).length > 1 && performance.now() < end);
    assertRefused(t, await verify(app, access_token), 401, 'INVALID_TOKEN')
  })

  t.test('sign again after a change back', async (t) => {
    const app = await start(t, { KEYS_DIR })
    t.equal(await isTaken(app), 200)
    t.strictSame(
      (await keysOf(app)).map(({ alg }) => alg),
      ['ES256', 'EdDSA'],
    )
    t.equal(await isTaken(await start(t, EdDSA)), 200, 'and are retired anew')
  })

  t.test('do not expire if they are listed in JWT_PUBLIC_KEYS', async (t) => {
    retiredAgo(3_601)
    const { publicKey } = rsaKeys()
    const given = { ...EdDSA, JWT_PUBLIC_KEYS: pemOf(publicKey) }
    t.equal((await keysOf(await start(t, given))).length, 2)
  })
})

const ec = ecKeys()
const pem = pemOf(ec.publicKey)
const refused: Record<string, [string, RegExp]> = {
  'a text': ['open sesame', /key 1, cannot be used: It is not PEM/],
  'half a key': [pem.slice(0, 60), /key 1, cannot be used: It is damaged/],
  'a damaged key': [pem.replace(/M.{20}/, ''), /key 1, cannot be used: It is damaged/],
  'a private key': [pem + pemOf(ecKeys().privateKey), /key 2, cannot .*: It is a private key/],
  'an RSA key of 1024 bits': [
    pemOf(rsaKeys(1024).publicKey),
    /key 1, .*RSA key of 2048 to 8192 bits/,
  ],
  'a key of another curve': [
    pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey),
    /key 1, .*an EC key on P-256/,
  ],
  '17 keys': [pem.repeat(17), /names 17 keys\. Name 16 at most/],
  'the same key twice': [pem + pem, /key 2, is the same as key 1\. Name each key once/],
}
for (const [title, [JWT_PUBLIC_KEYS, sentence]] of Object.entries(refused)) {
  t.test(`among the public keys, ${title} is rejected with a message`, async (t) => {
    const error: Error = await start(t, { JWT_PUBLIC_KEYS }).then(
      () => new Error('Auth started.'),
      (error) => error,
    )
    t.equal(error.name, 'ConfigError')
    t.match(error.message, sentence)
    t.match(error.message, /^JWT_PUBLIC_KEYS/)
    t.notMatch(error.message, /routines|MII|MF/)
  })
}

t.test('the signing key must not be listed as an additional key', async (t) => {
  const settings = signingWith('ES256', ec, ec)
  await t.rejects(start(t, settings), { message: /key 1, belongs to the key that signs/ })
})
