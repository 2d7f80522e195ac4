import { createHmac, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Scenarios } from '@flash-deal/config'
import { eachVariant, servers } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { callerAt, newUser, refuses } from './client.ts'
import { envoyProgram, ownEnvoy } from './own-envoy.ts'
import { type System, startSystem } from './system.ts'
import { claimsOf, encoded, headerOf, tokenOf } from './tokens.ts'

/** With every variant of M6 and M2 the same token gets the same response. */
const ways: readonly Partial<Scenarios>[] = [
  ...eachVariant('M6').map((M6) => ({ M6 })),
  ...eachVariant('M2')
    .filter((M2) => M2 !== 'baseline' && (M2 !== 'redis' || servers().redisUrl !== undefined))
    .map((M2) => ({ M6: 'optimized', M2 }) as const),
]

const nameOf = (way: Partial<Scenarios>): string =>
  Object.entries(way)
    .map(([id, variant]) => `${id}=${variant}`)
    .join(', ')

/** The same system with Envoy in front, which verifies tokens itself. */
const envoyBefore = async (system: System): Promise<System> => {
  const urlOf = (name: string): string => system.apps[name]?.listeningOrigin ?? ''
  const given = {
    AUTH_URLS: urlOf('auth'),
    PRODUCT_URLS: urlOf('product'),
    ORDER_URLS: urlOf('order'),
  }
  const { url } = await ownEnvoy(t, { gatewayUrl: system.url, given })
  return { ...system, url, anybody: callerAt(url), newUser: () => newUser(url) }
}

// All systems sign with the same key.
const systems: [string, System][] = []
for (const scenarios of ways) {
  const settings = { JWKS_COOLDOWN_MS: '10' }
  systems.push([nameOf(scenarios), await startSystem(t, { scenarios, settings })])
}
const [[, first]] = systems as [[string, System]]
const { anybody: firstsAnybody } = first
const envoy = await envoyProgram()
if ('program' in envoy) systems.push(['H5=envoy', await envoyBefore(first)])

const { body: keySet } = await firstsAnybody('GET /auth/.well-known/jwks.json')

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

/** The URL of keys in a forged token; requests to it are counted. */
let lookedUp = 0
const keyServer = createServer((_, response) => {
  lookedUp += 1
  response.end(JSON.stringify({ keys: [strangersJwk] }))
}).listen(0, '127.0.0.1')
await once(keyServer, 'listening')
t.teardown(() => keyServer.close())
const strangersJwk = { ...createPublicKey(stranger).export({ format: 'jwk' }), kid: 'foreign' }
const elsewhere = `http://127.0.0.1:${Object(keyServer.address()).port}/keys.json`

/** With a claim in a JSON form that JavaScript never writes. */
const written = (name: string, value: string): string => {
  const text = JSON.stringify({ ...claims, [name]: '?' }).replace('"?"', value)
  return tokenOf(header, text)
}

/** The fault of a token → the token. */
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
  'that expires beyond any number': written('exp', '1e999'),
  'that has expired before there was time': tokenOf(header, { ...claims, exp: -1 }),
  'that is not valid yet': tokenOf(header, { ...claims, nbf: now + 3_600 }),
  'that is valid from words on': tokenOf(header, { ...claims, nbf: 'now' }),
  'without the time of its issue': tokenOf(header, without('iat')),
  'of somebody who cannot be': tokenOf(header, { ...claims, sub: 'admin' }),
  'of two kinds': tokenOf(header, { ...claims, type: ['access'] }),
  'with an extension that it calls critical': tokenOf(
    { ...header, crit: ['b64'], b64: false },
    claims,
  ),
  'of the algorithm of another key': tokenOf({ ...header, alg: 'RS256' }, claims),
  'of no algorithm': tokenOf({ ...header, alg: undefined }, claims),
  'of another type': tokenOf({ ...header, typ: 'at+jwt' }, claims),
  'in another spelling':
    valid.slice(0, -1) + String.fromCharCode(valid.charCodeAt(valid.length - 1) + 1),
  'that expires in words': tokenOf(header, { ...claims, exp: String(claims.exp) }),
  'with a list for a payload': tokenOf(header, [claims]),
  'without a user': tokenOf(header, without('sub')),
  'without an issuer': tokenOf(header, without('iss')),
  'without an audience': tokenOf(header, without('aud')),
  'without a kind': tokenOf(header, without('type')),
  'that is no token': 'x',
  'that is no JSON': 'YQ.YQ.YQ',
  'that is huge': `${valid}${'A'.repeat(6_000)}`,
}

/** One operation of each service. */
const calls = ['GET /orders', 'POST /products', 'GET /auth/verify', 'GET /auth/users/me']

for (const [way, { url }] of systems) {
  t.test(`${way}: a valid token is accepted (so that the other tests can fail)`, async (t) => {
    t.equal((await callerAt(url, valid)('GET /auth/verify')).status, 200)
    for (let time = 0; time < 2; time += 1)
      t.equal((await callerAt(url, valid)('GET /orders')).status, 200)
  })

  for (const [wrong, token] of Object.entries(forged)) {
    t.test(`${way}: a token ${wrong} is refused by every service`, async (t) => {
      for (const call of calls) refuses(t, await callerAt(url, token)(call), 401, 'INVALID_TOKEN')
    })
  }
}

t.test('no key is fetched from a URL in a token', async (t) => {
  t.equal(lookedUp, 0)
  await fetch(elsewhere)
  t.equal(lookedUp, 1, 'where a look is counted')
})

const requestsOf = async ({ apps }: System, names: readonly string[]) => {
  const figures = await Promise.all(names.map((name) => apps[name]?.metrics.metrics()))
  // Health checks of the gateway are not counted.
  return figures.map((text) => text?.match(/^http_requests_total\{operation="(?!health).*$/gm))
}

const asksNobody = async (t: Test, system: System, names: readonly string[]): Promise<void> => {
  const before = await requestsOf(system, names)
  const [own = ''] = calls
  for (const token of Object.values(forged)) await callerAt(system.url, token)(own)
  t.strictSame(await requestsOf(system, names), before)
  await callerAt(system.url, valid)(own)
  t.notSame(await requestsOf(system, names), before, 'where a call is counted')
}

for (const [way, system] of systems) {
  t.test(`${way}: with a forged token no service is called`, async (t) => {
    await asksNobody(t, system, ['product', 'order'])
  })

  t.test(`${way}: a refresh token is no access token`, async (t) => {
    const { session } = await system.newUser()
    const caller = callerAt(system.url, session.refresh_token)
    for (const call of calls) refuses(t, await caller(call), 401, 'INVALID_TOKEN')
  })

  t.test(`${way}: an authorization of another scheme is refused`, async (t) => {
    for (const authorization of [
      'Basic YTpi',
      valid,
      `Token ${valid}`,
      'Bearer',
      `Bearer  ${valid}`,
    ])
      for (const call of calls)
        refuses(t, await system.anybody(call, { headers: { authorization } }), 401, 'INVALID_TOKEN')
  })
}
