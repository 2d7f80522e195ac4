import { createHash, createPublicKey, verify, type webcrypto } from 'node:crypto'
import { assertRefused } from '@flash-deal/testing'
import t from 'tap'
import { buildAuth, getAs, newSession } from './client.ts'
import { pemOf, rsaKeys } from './jws.ts'

type KeySet = { keys: (webcrypto.JsonWebKey & { kid: string })[] }

const { privateKey, publicKey } = rsaKeys()
const app = await buildAuth(t, { settings: { JWT_PRIVATE_KEY: pemOf(privateKey) } })
const url = '/auth/.well-known/jwks.json'

t.test('the JWKS has the public key with its thumbprint, and nothing private', async (t) => {
  const answer = await getAs(app, url)
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'public, max-age=300')
  const { kty, n, e } = publicKey.export({ format: 'jwk' })
  // RFC 7638: the required members in the order of their names.
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url')
  t.strictSame(answer.json(), { keys: [{ kty, n, e, kid, use: 'sig', alg: 'RS256' }] })
})

t.test('its key verifies an access token without a request to auth', async (t) => {
  const { access_token } = await newSession(app)
  const [header = '', payload = '', signature = ''] = access_token.split('.')
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
  const { keys } = (await getAs(app, url)).json<KeySet>()
  const jwk = keys.find((key) => key.kid === kid)
  t.ok(jwk, 'the token names a key of the set')
  const key = createPublicKey({ key: jwk ?? {}, format: 'jwk' })
  const signed = (text: string) =>
    verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64url'))
  t.strictSame([signed(`${header}.${payload}`), signed(`${header}.${payload}x`)], [true, false])
})

t.test('an invalid token in the request is ignored', async (t) => {
  t.equal((await getAs(app, url, 'Bearer nonsense')).statusCode, 200)
})

t.test('methods other than GET are rejected', async (t) => {
  const answer = await app.inject({ method: 'DELETE', url })
  assertRefused(t, answer, 405, 'METHOD_NOT_ALLOWED')
  t.equal(answer.headers.allow, 'GET, HEAD')
})
