import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { bearerToken, readAccessToken, type TokenKey, tokenKeysFrom } from '@flash-deal/service'
import t from 'tap'

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
}
type Algorithm = keyof typeof pairs

const algorithms: readonly Algorithm[] = ['RS256', 'ES256', 'EdDSA']

const jwkOf = (alg: Algorithm, more: object = {}) => ({
  ...pairs[alg].publicKey.export({ format: 'jwk' }),
  ...{ kid: alg, alg, use: 'sig' },
  ...more,
})

const keys = tokenKeysFrom({ keys: algorithms.map((alg) => jwkOf(alg)) })
const rules = { issuer: 'flash-deal', audience: 'flash-deal' }
const now = Math.floor(Date.now() / 1_000)
const claims = {
  ...{ sub: randomUUID(), type: 'access', iss: 'flash-deal', aud: 'flash-deal' },
  ...{ iat: now, exp: now + 600 },
}

/** Strings are used unchanged. */
const encoded = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

const signatureOf = (content: string, key: KeyObject, dsaEncoding: 'ieee-p1363' | 'der') => {
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return sign(hash, Buffer.from(content), { key, dsaEncoding })
}

const tokenOf = (
  header: unknown,
  payload: unknown,
  key: KeyObject,
  dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363',
): string => {
  const content = `${encoded(header)}.${encoded(payload)}`
  return `${content}.${signatureOf(content, key, dsaEncoding).toString('base64url')}`
}

/** The user of a token. @throws the reason if it is invalid */
const userOf = (token: string, known: ReadonlyMap<string, TokenKey> = keys): string => {
  const claimed = readAccessToken(bearerToken(`Bearer ${token}`), rules)
  const key = known.get(claimed.kid)
  if (!key) throw new Error('There is no such key.')
  if (!claimed.isSignedWith(key)) throw new Error('It is not signed.')
  return claimed.userId
}

/** The order of the group of P-256: each ES256 signature has a second form with order - s. */
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

const withOtherS = (token: string): string => {
  const [header, payload, signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  bytes.write(s.toString(16).padStart(64, '0'), 32, 'hex')
  return `${header}.${payload}.${bytes.toString('base64url')}`
}

/** The same bytes, encoded with other surplus bits at the end. */
const respelt = (token: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.charAt(token.length - 1))
  return token.slice(0, -1) + alphabet.charAt(last ^ 1)
}

for (const alg of algorithms) {
  const { privateKey, publicKey } = pairs[alg]
  const header = { alg, typ: 'JWT', kid: alg }
  const valid = tokenOf(header, claims, privateKey)
  const claiming = (own: object): string => tokenOf(header, { ...claims, ...own }, privateKey)
  const headed = (own: object): string => tokenOf({ ...header, ...own }, claims, privateKey)
  /** A claim as raw JSON text, which `JSON.stringify` would not produce. */
  const written = (name: string, value: string): string => {
    const text = JSON.stringify({ ...claims, [name]: '?' }).replace('"?"', value)
    return tokenOf(header, text, privateKey)
  }

  t.test(`${alg}: a valid token gives its user`, async (t) => {
    const accepted = {
      'as auth makes it': valid,
      'for several audiences': claiming({ aud: ['another', 'flash-deal'] }),
      'with unknown claims': claiming({ locale: 'ko' }),
      'valid since now': claiming({ nbf: now }),
      'of the full type': headed({ typ: 'application/jwt' }),
      'that names the URL of other keys': headed({ jku: 'http://127.0.0.1:9/' }),
      'with a fraction of a second': claiming({ exp: now + 0.5 + 600 }),
    }
    for (const [title, token] of Object.entries(accepted)) t.equal(userOf(token), claims.sub, title)
  })

  t.test(`${alg}: any other token is rejected`, async (t) => {
    const [head = '', body = '', signature = ''] = valid.split('.')
    const hmacOf = (secret: string | Buffer) => {
      const content = `${encoded({ ...header, alg: 'HS256' })}.${body}`
      return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
    }
    const [other = 'RS256'] = algorithms.filter((each) => each !== alg)
    const refused = {
      'of another key': tokenOf(header, claims, generateKeyPairSync('ed25519').privateKey),
      'of another known key, under this kid': tokenOf(header, claims, pairs[other].privateKey),
      'of this key, under the kid of another': headed({ kid: other }),
      'of another algorithm by name': headed({ alg: other }),
      'alg none': `${encoded({ ...header, alg: 'none' })}.${body}.${signature}`,
      'no alg': headed({ alg: undefined }),
      'alg as a list': headed({ alg: [alg] }),
      'HS256 with the public key as PEM': hmacOf(publicKey.export({ type: 'spki', format: 'pem' })),
      'HS256 with the public key as DER': hmacOf(publicKey.export({ type: 'spki', format: 'der' })),
      'HS256 with the JWK': hmacOf(JSON.stringify(jwkOf(alg))),
      'no kid': headed({ kid: undefined }),
      'kid as a list': headed({ kid: [alg] }),
      'a kid that is too long': headed({ kid: alg.padEnd(129) }),
      'a kid that every object has': headed({ kid: 'constructor' }),
      'another typ': headed({ typ: 'at+jwt' }),
      'no typ': headed({ typ: undefined }),
      'crit that names an extension': headed({ crit: ['b64'], b64: false }),
      'crit that names nothing': headed({ crit: [] }),
      'a header that is a list': tokenOf([header], claims, privateKey),
      'a payload that is a list': tokenOf(header, [claims], privateKey),
      'a payload that is null': tokenOf(header, 'null', privateKey),
      'a payload that is not JSON': tokenOf(header, '{"sub":', privateKey),
      'claims behind a prototype': tokenOf(
        header,
        `{"__proto__":${JSON.stringify(claims)}}`,
        privateKey,
      ),
      'the same claim twice, the last one invalid': tokenOf(
        header,
        JSON.stringify(claims).replace(/}$/, ',"type":"refresh"}'),
        privateKey,
      ),
      'exp beyond any number': written('exp', '1e999'),
      'exp beyond any time': written('exp', '1e300'),
      'exp before any time': written('exp', '-1e999'),
      'exp negative': claiming({ exp: -1 }),
      'exp a second ago': claiming({ exp: now - 1 }),
      'exp as text': claiming({ exp: `${now + 600}` }),
      'exp as a list': claiming({ exp: [now + 600] }),
      'exp true': claiming({ exp: true }),
      'no exp': claiming({ exp: undefined }),
      'no iat': claiming({ iat: undefined }),
      'iat as text': claiming({ iat: `${now}` }),
      'nbf in an hour': claiming({ nbf: now + 3_600 }),
      'nbf beyond any number': written('nbf', '1e999'),
      'nbf as text': claiming({ nbf: `${now}` }),
      'another iss': claiming({ iss: 'another' }),
      'iss as a list': claiming({ iss: ['flash-deal'] }),
      'no iss': claiming({ iss: undefined }),
      'another aud': claiming({ aud: 'another' }),
      'no audience': claiming({ aud: [] }),
      'aud with a value that is not text': claiming({ aud: ['flash-deal', 1] }),
      'type refresh': claiming({ type: 'refresh' }),
      'type as a list': claiming({ type: ['access'] }),
      'a sub that is not an id': claiming({ sub: 'admin' }),
      'a sub in capitals': claiming({ sub: claims.sub.toUpperCase().replace(/^./, 'A') }),
      'a sub with a line break': claiming({ sub: `${claims.sub}\n` }),
      'sub as a list': claiming({ sub: [claims.sub] }),
      'another payload': `${head}.${encoded({ ...claims, sub: randomUUID() })}.${signature}`,
      'no signature': `${head}.${body}.`,
      'two parts': `${head}.${body}`,
      'four parts': `${valid}.${signature}`,
      'a signature of zeros': `${head}.${body}.${encoded('\0'.repeat(signature.length / 2))}`,
      'a signature with more bytes': `${valid.slice(0, -2)}AAAA`,
      'padding at the end': `${valid}=`,
      'the other base64': `${head}.${body}.+/${signature.slice(2)}`,
      'the same bytes in another spelling': respelt(valid),
      'a part of an impossible length': `${head}A.${body}.${signature}`.replace(/^/, 'AAAA'),
      'that is too long': tokenOf(header, { ...claims, fill: 'x'.repeat(3_000) }, privateKey),
    }
    for (const [title, token] of Object.entries(refused)) t.throws(() => userOf(token), title)
  })
}

const es256 = { alg: 'ES256', typ: 'JWT', kid: 'ES256' }

t.test('a signature of ES256 is two numbers, not DER', async (t) => {
  t.throws(() => userOf(tokenOf(es256, claims, pairs.ES256.privateKey, 'der')))
})

t.test('high S and low S of ES256 are accepted, as in RFC 7518', (t) => {
  const token = tokenOf(es256, claims, pairs.ES256.privateKey)
  t.equal(userOf(withOtherS(token)), claims.sub)
  t.end()
})

t.test('only keys that can verify are used from a key set', async (t) => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey
  const ed448 = generateKeyPairSync('ed448').publicKey
  const unfit: Record<string, unknown> = {
    'a secret': { kty: 'oct', k: 'c2VjcmV0', kid: 'a', alg: 'HS256' },
    'RSA for HS256': jwkOf('RS256', { alg: 'HS256' }),
    'RSA for ES256': jwkOf('RS256', { alg: 'ES256' }),
    'EC for EdDSA': jwkOf('ES256', { alg: 'EdDSA' }),
    'RSA with padding of another kind': jwkOf('RS256', { alg: 'PS256' }),
    'RSA of 1,024 bits': { ...small.export({ format: 'jwk' }), kid: 'a', alg: 'RS256' },
    'another curve': { ...p384.export({ format: 'jwk' }), kid: 'a', alg: 'ES256' },
    'another EdDSA': { ...ed448.export({ format: 'jwk' }), kid: 'a', alg: 'EdDSA' },
    'for encryption': jwkOf('RS256', { use: 'enc' }),
    'without kid': jwkOf('RS256', { kid: undefined }),
    'without alg': jwkOf('RS256', { alg: undefined }),
    'an alg that every object has': jwkOf('RS256', { alg: 'constructor' }),
    'without its numbers': { kty: 'RSA', kid: 'a', alg: 'RS256' },
    'a point that is not on the curve': jwkOf('ES256', { x: jwkOf('ES256').y }),
    'no object': 'key',
    nothing: null,
  }
  for (const [title, jwk] of Object.entries(unfit)) {
    t.throws(() => tokenKeysFrom({ keys: [jwk] }), /no key for access tokens/, title)
    t.strictSame([...tokenKeysFrom({ keys: [jwk, jwkOf('EdDSA')] }).keys()], ['EdDSA'], title)
  }
  for (const keySet of [null, [], {}, { keys: {} }, 'keys'])
    t.throws(() => tokenKeysFrom(keySet), /not a key set/)
  const many = Array.from({ length: 100 }, (_, index) => jwkOf('EdDSA', { kid: `${index}` }))
  t.equal(tokenKeysFrom({ keys: many }).size, 32, 'and not more than a rotation needs')
})

t.test('without a header the error is UNAUTHORIZED', async (t) => {
  t.throws(() => bearerToken(undefined), { code: 'UNAUTHORIZED' })
  for (const authorization of [
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'a.b.c',
    'Bearer  AAAA.AAAA.AAAA',
  ])
    t.throws(() => bearerToken(authorization), { code: 'INVALID_TOKEN' }, authorization)
  t.equal(bearerToken('bEaReR AAAA.AAAA.AAAA'), 'AAAA.AAAA.AAAA')
})
