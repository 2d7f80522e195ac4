import { createHmac, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { callerAt, refuses } from './client.ts'
import { startSystem } from './system.ts'
import { claimsOf, encoded, headerOf, tokenOf } from './tokens.ts'

const { url, apps, anybody, newUser } = await startSystem(t)
const { body: keySet } = await anybody('GET /auth/.well-known/jwks.json')

const now = Math.floor(Date.now() / 1_000)
const header = headerOf(keySet)
const claims = claimsOf(randomUUID())

const without = (name: keyof typeof claims): object => ({ ...claims, [name]: undefined })

const valid = tokenOf(header, claims)
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const hmac = (content: string): string => {
  const secret = JSON.stringify(keySet.keys[0])
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}

/** Where a token says that its keys are: whoever looks there is counted. */
let lookedUp = 0
const keyServer = createServer((_, response) => {
  lookedUp += 1
  response.end(JSON.stringify({ keys: [strangersJwk] }))
}).listen(0, '127.0.0.1')
await once(keyServer, 'listening')
t.teardown(() => keyServer.close())
const strangersJwk = { ...createPublicKey(stranger).export({ format: 'jwk' }), kid: 'foreign' }
const elsewhere = `http://127.0.0.1:${Object(keyServer.address()).port}/keys.json`

/** What is wrong with a token → the token. */
const forged = {
  'signed by somebody else': tokenOf(header, claims, stranger),
  'not signed': `${encoded({ ...header, alg: 'none' })}.${encoded(claims)}.`,
  'without its signature': valid.split('.').slice(0, 2).join('.'),
  'signed with the public key': hmac(`${encoded({ ...header, alg: 'HS256' })}.${encoded(claims)}`),
  'with another payload': [
    valid.split('.')[0],
    encoded({ ...claims, sub: randomUUID() }),
    valid.split('.')[2],
  ].join('.'),
  'of another key': tokenOf({ ...header, kid: 'another' }, claims),
  'of no key': tokenOf({ alg: 'ES256', typ: 'JWT' }, claims),
  'that brings its key along': tokenOf({ ...header, jwk: strangersJwk }, claims, stranger),
  'that says where its key is': tokenOf(
    { ...header, kid: 'foreign', jku: elsewhere, x5u: elsewhere },
    claims,
    stranger,
  ),
  'that says so under our key': tokenOf({ ...header, jku: elsewhere }, claims, stranger),
  expired: tokenOf(header, { ...claims, iat: now - 20, exp: now - 10 }),
  'of another issuer': tokenOf(header, { ...claims, iss: 'somebody' }),
  'for another audience': tokenOf(header, { ...claims, aud: 'somebody' }),
  'of another kind': tokenOf(header, { ...claims, type: 'refresh' }),
  'that never expires': tokenOf(header, without('exp')),
  'that expires in words': tokenOf(header, { ...claims, exp: String(claims.exp) }),
  'with a list for a payload': tokenOf(header, [claims]),
  'of nobody': tokenOf(header, without('sub')),
  'without an issuer': tokenOf(header, without('iss')),
  'without an audience': tokenOf(header, without('aud')),
  'without a kind': tokenOf(header, without('type')),
  'that is no token': 'x',
  'that is no JSON': 'YQ.YQ.YQ',
  'that is huge': `${valid}${'A'.repeat(6_000)}`,
}

/** One operation of each service. */
const calls = ['GET /orders', 'POST /products', 'GET /auth/verify', 'GET /auth/users/me']

t.test('a token that is ours is taken (so that the rest of this file can fail)', async (t) => {
  t.equal((await callerAt(url, valid)('GET /auth/verify')).status, 200)
  t.equal((await callerAt(url, valid)('GET /orders')).status, 200)
})

for (const [wrong, token] of Object.entries(forged)) {
  t.test(`a token ${wrong} is refused by every service`, async (t) => {
    for (const call of calls) refuses(t, await callerAt(url, token)(call), 401, 'INVALID_TOKEN')
  })
}

t.test('nobody has looked up a key where a token says that it is', async (t) => {
  t.equal(lookedUp, 0)
  await fetch(elsewhere)
  t.equal(lookedUp, 1, 'where a look is counted')
})

t.test('with a forged token nobody but auth is asked', async (t) => {
  const counts = async () => {
    const figures = [apps.product, apps.order].map((app) => app?.metrics.metrics())
    return (await Promise.all(figures)).map((text) => text?.match(/^http_requests_total.*$/gm))
  }
  const before = await counts()
  for (const token of Object.values(forged))
    for (const call of calls) await callerAt(url, token)(call)
  t.strictSame(await counts(), before)
  await callerAt(url, valid)('GET /orders')
  t.notSame(await counts(), before, 'where a call is counted')
})

t.test('a refresh token is no access token', async (t) => {
  const { session } = await newUser()
  const caller = callerAt(url, session.refresh_token)
  for (const call of calls) refuses(t, await caller(call), 401, 'INVALID_TOKEN')
})

t.test('an authorization of another scheme is refused', async (t) => {
  for (const authorization of ['Basic YTpi', valid, `Token ${valid}`, 'Bearer', `Bearer  ${valid}`])
    for (const call of calls)
      refuses(t, await anybody(call, { headers: { authorization } }), 401, 'INVALID_TOKEN')
})
