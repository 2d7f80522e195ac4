import { randomUUID } from 'node:crypto'
import { assertRefused, asUser } from '@flash-deal/testing'
import t from 'tap'
import { buildAuth, getAs, newSession, verify } from './client.ts'
import { hmacTokenOf, pemOf, rsaKeys, tokenOf, unsignedTokenOf } from './jws.ts'

const ours = rsaKeys()
const foreign = rsaKeys()
const app = await buildAuth(t, { settings: { JWT_PRIVATE_KEY: pemOf(ours.privateKey) } })
const { access_token, refresh_token, user } = await newSession(app)
const [ownHeader = '', ownPayload = '', ownSignature = ''] = access_token.split('.')

const now = Math.floor(Date.now() / 1000)
const { kid } = JSON.parse(Buffer.from(ownHeader, 'base64url').toString())
const header = { alg: 'RS256', typ: 'JWT', kid }
const payload = {
  sub: user.id,
  type: 'access',
  iss: 'flash-deal',
  aud: 'flash-deal',
  iat: now,
  exp: now + 600,
}

const signed = (body: unknown, head: object = {}): string =>
  tokenOf({ ...header, ...head }, body, ours.privateKey)
const claiming = (claims: object): string => signed({ ...payload, ...claims })
const foreignJwk = foreign.publicKey.export({ format: 'jwk' })

t.test('a valid token names its user', async (t) => {
  const answer = await verify(app, access_token)
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), { valid: true, user_id: user.id })
})

const accepted = {
  'made by hand exactly as auth makes it': claiming({}),
  'for several audiences, ours among them': claiming({ aud: ['another', 'flash-deal'] }),
  'with a claim that auth does not know': claiming({ locale: 'ko' }),
  'valid since just now': claiming({ nbf: now }),
}
for (const [title, token] of Object.entries(accepted)) {
  t.test(`a token is accepted: ${title}`, async (t) => {
    t.strictSame((await verify(app, token)).json(), { valid: true, user_id: user.id })
  })
}

t.test('the name of the scheme may be written in any case', async (t) => {
  for (const scheme of ['bearer', 'BEARER']) {
    t.equal((await getAs(app, '/auth/verify', `${scheme} ${access_token}`)).statusCode, 200)
  }
})

const none = { ...header, alg: 'none' }
const hs256 = { ...header, alg: 'HS256' }
const withoutExp = { ...payload, exp: undefined }
const anotherUser = { ...payload, sub: randomUUID() }
const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** The last character of a signature in base64url has unused bits. */
const respeltEnd = String.fromCharCode(access_token.charCodeAt(access_token.length - 1) + 1)

const forgeries = {
  'alg none, not signed': unsignedTokenOf(none, payload),
  'alg none, with something for a signature': unsignedTokenOf(none, payload, 'x'),
  'alg none, with the signature of a valid token': unsignedTokenOf(none, payload, ownSignature),
  'alg NoNe': unsignedTokenOf({ ...header, alg: 'NoNe' }, payload, 'x'),
  'no alg': tokenOf({ typ: 'JWT', kid }, payload, ours.privateKey),
  'HS256 with the public key as its secret': hmacTokenOf(hs256, payload, pemOf(ours.publicKey)),
  'HS256 with the public key, trimmed': hmacTokenOf(hs256, payload, pemOf(ours.publicKey).trim()),
  'HS256 with the public JWK as its secret': hmacTokenOf(
    hs256,
    payload,
    JSON.stringify(ours.publicKey.export({ format: 'jwk' })),
  ),
  'HS256 with an empty secret': hmacTokenOf(hs256, payload, ''),
  'RS256 by name, signed with the public key as a secret': hmacTokenOf(
    header,
    payload,
    pemOf(ours.publicKey),
  ),
  'RS512, with our key': tokenOf({ ...header, alg: 'RS512' }, payload, ours.privateKey, 'RS512'),
  'a foreign key under our kid': tokenOf(header, payload, foreign.privateKey),
  'a foreign key under a kid of its own': tokenOf(
    { ...header, kid: 'foreign' },
    payload,
    foreign.privateKey,
  ),
  'a foreign key in a jwk header': tokenOf(
    { ...header, jwk: foreignJwk },
    payload,
    foreign.privateKey,
  ),
  'a foreign key behind a jku header': tokenOf(
    { ...header, jku: 'http://127.0.0.1:9/jwks.json' },
    payload,
    foreign.privateKey,
  ),
  'a foreign key behind an x5u header': tokenOf(
    { ...header, x5u: 'http://127.0.0.1:9/cert.pem' },
    payload,
    foreign.privateKey,
  ),
  'an unknown kid': signed(payload, { kid: 'unknown' }),
  'a kid that is a path': signed(payload, { kid: '../../../../dev/null' }),
  'a kid that is a list': signed(payload, { kid: [kid] }),
  'no kid': signed(payload, { kid: undefined }),
  'another typ': signed(payload, { typ: 'dpop+jwt' }),
  'a crit header that auth does not know': signed(payload, { crit: ['b64'], b64: false }),
  'another user under the signature of a valid token': `${ownHeader}.${encoded(anotherUser)}.${ownSignature}`,
  'another header over the signature of a valid token': `${encoded({ ...header, x: 1 })}.${ownPayload}.${ownSignature}`,
  'a signature without its end': access_token.slice(0, -4),
  'a signature that goes on': `${access_token}AAAA`,
  'a signature in another spelling': access_token.slice(0, -1) + respeltEnd,
  'longer than any of ours': claiming({ fill: 'x'.repeat(3_000) }),
  expired: claiming({ exp: now - 1 }),
  'expired long ago': claiming({ exp: 0 }),
  'not valid yet': claiming({ nbf: now + 600 }),
  'no exp': signed(withoutExp),
  'exp as text': claiming({ exp: String(now + 600) }),
  'exp as a list': claiming({ exp: [now + 600] }),
  'exp null': claiming({ exp: null }),
  'exp beyond any number': signed(JSON.stringify({ ...payload, exp: '?' }).replace('"?"', '1e999')),
  'iat as text': claiming({ iat: String(now) }),
  'nbf as text': claiming({ nbf: 'yesterday' }),
  'no iat': claiming({ iat: undefined }),
  'a foreign iss': claiming({ iss: 'another' }),
  'iss as a list': claiming({ iss: ['flash-deal'] }),
  'no iss': claiming({ iss: undefined }),
  'a foreign aud': claiming({ aud: 'another' }),
  'only foreign audiences': claiming({ aud: ['another', 'flash-deal-2'] }),
  'no audience': claiming({ aud: [] }),
  'no aud': claiming({ aud: undefined }),
  'a type other than access': claiming({ type: 'refresh' }),
  'type as a list': claiming({ type: ['access'] }),
  'no type': claiming({ type: undefined }),
  'no sub': claiming({ sub: undefined }),
  'sub as a number': claiming({ sub: 1 }),
  'sub null': claiming({ sub: null }),
  'a sub that is no id': claiming({ sub: 'admin' }),
  'a sub with NUL in it': claiming({ sub: 'a\0b' }),
  'a payload that is a list': signed([payload]),
  'a payload that is a text': signed('"access"'),
  'a payload that is null': signed('null'),
  'a payload of invalid JSON': signed('{"sub":'),
  'a refresh token': refresh_token,
  'a refresh token in three parts': `${refresh_token}.${refresh_token}.${refresh_token}`,
  'two parts': `${ownHeader}.${ownPayload}`,
  'four parts': `${access_token}.${ownSignature}`,
  'dots only': '..',
  'one word': 'token',
  'two tokens': `${access_token}, ${access_token}`,
  'nothing after the scheme': '',
}
for (const [title, token] of Object.entries(forgeries)) {
  t.test(`a token is rejected by every operation: ${title}`, async (t) => {
    assertRefused(t, await verify(app, token), 401, 'INVALID_TOKEN')
    const profile = await getAs(app, '/auth/users/me', `Bearer ${token}`)
    assertRefused(t, profile, 401, 'INVALID_TOKEN')
  })
}

t.test('a request without a token gets WWW-Authenticate', async (t) => {
  assertRefused(t, await getAs(app, '/auth/verify'), 401, 'UNAUTHORIZED')
})

t.test('a token is read only from the Authorization header', async (t) => {
  const url = `/auth/verify?access_token=${access_token}`
  const headers = { cookie: `token=${access_token}`, 'x-access-token': access_token }
  assertRefused(t, await app.inject({ url, headers }), 401, 'UNAUTHORIZED')
})

t.test('schemes other than Bearer are rejected', async (t) => {
  const pair = Buffer.from(`${user.email}:correct horse battery`).toString('base64')
  for (const authorization of [`Basic ${pair}`, `Token ${access_token}`, access_token]) {
    assertRefused(t, await getAs(app, '/auth/verify', authorization), 401, 'INVALID_TOKEN')
  }
})

t.test('identity headers do not replace a token', async (t) => {
  const answer = await app.inject({ url: '/auth/verify', headers: asUser(user.id) })
  assertRefused(t, answer, 401, 'UNAUTHORIZED')
})

t.test('methods other than GET are rejected', async (t) => {
  const answer = await app.inject({ method: 'POST', url: '/auth/verify' })
  assertRefused(t, answer, 405, 'METHOD_NOT_ALLOWED')
  t.equal(answer.headers.allow, 'GET, HEAD')
})
